import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { z } from 'zod';
import type { Job } from '../../contract/index.ts';
import { engine, native } from './engine.ts';
import { usePreference } from './preferences.ts';
import { reportDefect } from './report-defect.ts';
import { endedRuns, noticeKinds, runNotice, type NoticeKind } from './run-notice.ts';
import { showNotice } from './show-notice.ts';

const kind = z.enum(noticeKinds);
const noJobs: readonly Job[] = [];

/** Which ends of runs are told by the system's own notifications; a browser asks for leave when that is first wanted. */
export function useNoticeKind() {
  return usePreference('window', 'notices', kind, native === null ? 'none' : 'all');
}

/** Tells the end of runs while the window is not looked at. */
export function useRunNotices(): void {
  const { data } = useQuery({ queryKey: ['jobs'], queryFn: () => engine.runner.queue({}) });
  const [wanted] = useNoticeKind();
  const before = useRef(noJobs);
  const jobs = data?.jobs;
  useEffect(() => {
    if (jobs === undefined) return;
    const ended = endedRuns(before.current, jobs);
    before.current = jobs;
    if (wanted === 'none' || document.hasFocus()) return;
    for (const runId of ended)
      tellEnd(runId, wanted).catch((error: unknown) => reportDefect('The end of a run was not told', error));
  }, [jobs, wanted]);
}

async function tellEnd(runId: string, wanted: NoticeKind): Promise<void> {
  const notice = runNotice(await engine.tracking.run({ runId }), wanted);
  if (notice !== null) await showNotice(notice, runId);
}
