import { useLayoutEffect, useRef, type RefObject } from 'react';
import { useDevicePixelRatio } from '../../../ui/series-chart/device-pixel-ratio.ts';
import type { Size } from './graph-view-box.ts';

/** A canvas of a size in CSS pixels that is drawn anew, in the frame of the change, whenever `draw` is another. */
export function useCanvas(
  { width, height }: Size,
  draw: (context: CanvasRenderingContext2D) => void,
): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  const ratio = useDevicePixelRatio();
  useLayoutEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined) return;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context);
  }, [width, height, ratio, draw]);
  return ref;
}
