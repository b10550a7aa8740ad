import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { z } from 'zod';
import { engine, native } from './engine.ts';
import { incidentNotice, newIncidents } from './incident-notice.ts';
import { usePreference } from './preferences.ts';
import { reportDefect } from './report-defect.ts';
import { showNotice } from './show-notice.ts';

/** Whether the opening of an incident is told by the system's own notifications; a browser asks for leave when that is first wanted. */
export function useIncidentNoticeKind() {
  return usePreference('window', 'incident-notices', z.boolean(), native !== null);
}

/** Tells each incident of any project once, when it opens while the window is not looked at; a press leads to its monitor. */
export function useIncidentNotices(): void {
  const [isWanted] = useIncidentNoticeKind();
  const [, navigate] = useLocation();
  const { data } = useQuery({
    queryKey: ['monitors', 'incidents', 'open'],
    queryFn: () => engine.monitoring.incidents({ isOpen: true }),
    enabled: isWanted,
  });
  const known = useRef<number | null>(null);
  useEffect(() => {
    if (data === undefined) return;
    const opened = newIncidents(known.current, data, Date.now());
    known.current = Math.max(known.current ?? 0, ...data.map(({ id }) => id));
    if (document.hasFocus() || opened.length === 0) return;
    engine.monitoring
      .monitors({})
      .then(async (monitors) => {
        for (const incident of opened) {
          const monitor = monitors.find(({ id }) => id === incident.monitorId);
          if (monitor === undefined) continue;
          await showNotice(incidentNotice(incident, monitor.name), `incident ${incident.id}`, () =>
            navigate(`/projects/${monitor.projectId}/monitoring/${monitor.id}`),
          );
        }
      })
      .catch((error: unknown) => reportDefect('An incident was not told', error));
  }, [data, navigate]);
}
