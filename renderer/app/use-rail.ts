import { useMediaQuery } from '@mantine/hooks';
import { useCallback } from 'react';
import { z } from 'zod';
import { usePreference } from './preferences.ts';

/** Whether the rail is folded to its icons: always in a narrow window, else as the person left it. */
export function useRail(): { isFolded: boolean; toggle(): void } {
  const isNarrow =
    useMediaQuery('(max-width: 999px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const [isFolded, setFolded] = usePreference('window', 'rail-folded', z.boolean(), false);
  const toggle = useCallback(() => setFolded(!isFolded), [setFolded, isFolded]);
  return { isFolded: isNarrow || isFolded, toggle };
}
