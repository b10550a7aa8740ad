import { z } from 'zod';

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
/** In device-independent pixels, in the coordinates of all displays together. */
export type Rectangle = z.infer<typeof rectangle>;

/** Where the window was when it was last closed. */
export const windowPlace = z.object({ bounds: rectangle, isMaximized: z.boolean() });
export type WindowPlace = z.infer<typeof windowPlace>;

export const smallestWindow = { width: 640, height: 480 };
const firstWindow = { width: 1280, height: 860 };
/** So much of the title strip has to lie on a display for a hand to reach the window, in pixels. */
const reachable = { width: 120, height: 32 };

/**
 * Fits the place of last time to the displays of now. A window that can still be reached opens where it was, no larger
 * than its display; one whose display is gone, and one never seen before, opens in the middle of the first display.
 *
 * @param workAreas what programs may cover of each display, the main display first; at least one
 */
export function placeOnDisplays(
  saved: WindowPlace | null,
  workAreas: readonly [Rectangle, ...Rectangle[]],
): WindowPlace {
  if (saved !== null) {
    for (const area of workAreas) {
      // Measured as it would open: a window made smaller to fit may have left its display.
      const bounds = { ...saved.bounds, ...sizeWithin(saved.bounds, area) };
      const shown = overlap({ ...bounds, height: reachable.height }, area);
      if (shown.width >= reachable.width && shown.height >= reachable.height) {
        return { bounds, isMaximized: saved.isMaximized };
      }
    }
  }
  const [area] = workAreas;
  const size = sizeWithin(saved?.bounds ?? firstWindow, area);
  const bounds = {
    x: area.x + Math.round((area.width - size.width) / 2),
    y: area.y + Math.round((area.height - size.height) / 2),
    ...size,
  };
  return { bounds, isMaximized: saved?.isMaximized ?? false };
}

function sizeWithin(
  wanted: { width: number; height: number },
  area: Rectangle,
): { width: number; height: number } {
  return {
    width: Math.min(Math.max(wanted.width, smallestWindow.width), area.width),
    height: Math.min(Math.max(wanted.height, smallestWindow.height), area.height),
  };
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}
