import { useLayoutEffect, useRef } from 'react';
import type { ChartColours } from './chart-colours.ts';
import { drawLines } from './draw-lines.ts';
import { drawEmphasis, drawPointer } from './draw-pointer.ts';
import type { Scene, SceneStore } from './scene.ts';
import classes from './series-chart.module.css';

const dimmedOpacity = '0.25';

/**
 * Three layers that follow the scene without React: all lines; the line pointed at; crosshair and selection. Dimming is the
 * compositor's work, so hovering never redraws the lines.
 */
export function PlotCanvas(props: {
  scene: SceneStore;
  colours: ChartColours;
  width: number;
  height: number;
  ratio: number;
}) {
  const { scene, colours, width, height, ratio } = props;
  const linesCanvas = useRef<HTMLCanvasElement>(null);
  const emphasisCanvas = useRef<HTMLCanvasElement>(null);
  const pointerCanvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const [lines, emphasis, pointer] = [linesCanvas.current, emphasisCanvas.current, pointerCanvas.current];
    if (!lines || !emphasis || !pointer) return undefined;
    let drawn: Scene | null = null;
    let frame: number | null = null;
    const draw = (): void => {
      frame = null;
      const now = scene.getState();
      const isMoved = !drawn || now.lines !== drawn.lines || now.scale !== drawn.scale;
      if (isMoved && now.scale) drawLines(lines, now.lines, now.scale, colours, ratio);
      if (isMoved || now.hit?.line !== drawn?.hit?.line) drawEmphasis(emphasis, now, colours, ratio);
      drawPointer(pointer, now, colours, ratio);
      lines.style.opacity = now.hit && now.lines.length > 1 ? dimmedOpacity : '1';
      drawn = now;
    };
    for (const canvas of [lines, emphasis, pointer]) {
      canvas.width = Math.max(1, Math.round(width * ratio));
      canvas.height = Math.max(1, Math.round(height * ratio));
    }
    draw();
    const unsubscribe = scene.subscribe(() => {
      frame ??= requestAnimationFrame(draw);
    });
    return () => {
      unsubscribe();
      if (frame !== null) cancelAnimationFrame(frame);
    };
  }, [scene, colours, width, height, ratio]);

  const style = { width, height };
  return (
    <>
      <canvas ref={linesCanvas} className={classes.layer} style={style} data-layer="lines" aria-hidden />
      <canvas
        ref={emphasisCanvas}
        className={classes.layer}
        style={style}
        data-layer="emphasis"
        aria-hidden
      />
      <canvas ref={pointerCanvas} className={classes.layer} style={style} data-layer="pointer" aria-hidden />
    </>
  );
}
