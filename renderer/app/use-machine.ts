import { useEffect, useState } from 'react';
import type { MachineSample } from '../../contract/index.ts';
import { engine } from './engine.ts';
import { reportDefect } from './report-defect.ts';

/** The laptop's latest sample; null before the first. Follows only while the window is seen. */
export function useMachine(): MachineSample | null {
  const [sample, setSample] = useState<MachineSample | null>(null);
  const isVisible = useIsVisible();
  useEffect(() => {
    if (!isVisible) return;
    const leave = new AbortController();
    const follow = async () => {
      for await (const next of engine.system.machine({}, { signal: leave.signal })) setSample(next);
    };
    follow().catch((error: unknown) => {
      if (!leave.signal.aborted) reportDefect('The stream of machine samples ended', error);
    });
    return () => leave.abort();
  }, [isVisible]);
  return sample;
}

function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return isVisible;
}
