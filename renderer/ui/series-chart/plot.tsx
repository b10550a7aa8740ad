import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import type { ChartColours } from './chart-colours.ts';
import type { ChartAxis, Range, YScaleKind } from './chart-series.ts';
import type { Crosshair } from './crosshair.ts';
import { useDevicePixelRatio } from './device-pixel-ratio.ts';
import { useElementSize } from './element-size.ts';
import { useGestures, zoomByKey } from './gestures.ts';
import { PlotCanvas } from './plot-canvas.tsx';
import { PlotFrame, type PlotLayout } from './plot-frame.tsx';
import { BeyondLabels, EndLabels, YLabels } from './plot-labels.tsx';
import { plotLayout } from './plot-layout.ts';
import type { PlotLine } from './plot-line.ts';
import type { PlotScale } from './plot-scale.ts';
import { sameHit, usePointing } from './pointing.ts';
import { readoutOf } from './readout.tsx';
import type { SceneStore } from './scene.ts';
import classes from './series-chart.module.css';
import { extentOfY, yDomain } from './view-range.ts';
import type { Zoom } from './zoom.ts';

/** More lines than this are told apart by pointing or by the table beside the chart. */
const labelledLines = 8;
/** Right margins: bare, with values, with names and values. */
const gutters = { bare: 24, values: 56, names: 148 };
const namesFromWidth = 520;

/** The drawing itself: axes, canvases, labels, and what pointer and keyboard do to them. */
export function Plot(props: {
  scene: SceneStore;
  lines: readonly PlotLine[];
  axis: ChartAxis;
  yKind: YScaleKind;
  smoothing: number;
  x: Range;
  bounds: Range;
  zoom: Zoom;
  colours: ChartColours;
  cursor: Crosshair | undefined;
  hasNonFinite: boolean;
  description: string;
  helpId: string;
  layoutRef: RefObject<PlotLayout | null>;
  onStatus: (text: string) => void;
}) {
  const { scene, lines, axis, yKind, x, bounds, zoom, colours, layoutRef, onStatus } = props;
  const plot = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(plot);
  const ratio = useDevicePixelRatio();
  const isLabelled = lines.length > 0 && lines.length <= labelledLines;
  const isNamed = isLabelled && lines.length > 1 && width >= namesFromWidth;
  const gutter = isNamed ? gutters.names : isLabelled ? gutters.values : gutters.bare;
  const isEmpty = lines.every((line) => line.xs.length === 0);
  const { y: zoomedY } = zoom.view;
  const { hasNonFinite } = props;
  const format = lines[0]?.format ?? 'number';

  const layout = useMemo(() => {
    const y = zoomedY ?? yDomain(extentOfY(lines, x, yKind), yKind);
    return plotLayout({ width, height, gutter, x, y, yKind, axis, hasNonFinite, format });
  }, [lines, width, height, gutter, x, zoomedY, yKind, axis, hasNonFinite, format]);

  const shiftAxis = useCallback((pixels: number) => {
    for (const label of plot.current?.querySelectorAll<SVGTextElement>('[data-x-label]') ?? []) {
      label.style.transform = pixels === 0 ? '' : `translateX(${pixels}px)`;
    }
  }, []);
  const onScale = useCallback(
    (scale: PlotScale) => {
      shiftAxis(0);
      scene.setState((state) => ({ scale, hit: sameHit(state, state.lines, scale) }));
    },
    [scene, shiftAxis],
  );
  // New lines without new axes: the frame below commits nothing, the canvas still redraws.
  useLayoutEffect(() => {
    scene.setState((state) => ({ lines, hit: state.scale && sameHit(state, lines, state.scale) }));
  }, [scene, lines]);
  useEffect(() => {
    layoutRef.current = layout;
  }, [layoutRef, layout]);

  const { point, leave, step } = usePointing(scene, axis, props.cursor);
  const { handlers, cancel } = useGestures({ plot, scene, zoom, bounds, point, leave, shiftAxis });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { scale, crosshairX } = scene.getState();
    if (!scale || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    let isUsed: boolean;
    if (event.key === 'Escape' && cancel()) {
      isUsed = true;
    } else if (event.shiftKey && arrow) {
      isUsed = step(arrow);
      onStatus(readoutOf(scene.getState(), axis));
    } else {
      const centre =
        crosshairX !== null && crosshairX >= scale.x[0] && crosshairX <= scale.x[1]
          ? crosshairX
          : (scale.x[0] + scale.x[1]) / 2;
      isUsed = zoomByKey(event, zoom, scale, bounds, centre);
    }
    if (!isUsed) return;
    event.preventDefault();
    event.stopPropagation();
  };

  // A picture in words for those who do not see it, yet zoomed and read by keyboard: no element has both.
  /* oxlint-disable jsx-a11y/no-noninteractive-element-interactions */
  return (
    <div
      ref={plot}
      className={classes.plot}
      role="img"
      aria-label={props.description}
      aria-describedby={props.helpId}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={leave}
      {...handlers}
    >
      {isEmpty && <div className={classes.empty}>No points yet</div>}
      {!isEmpty && width > 0 && (
        <>
          <PlotFrame layout={layout} onScale={onScale} />
          <PlotCanvas scene={scene} colours={colours} width={width} height={height} ratio={ratio} />
          <YLabels scene={scene} ticks={layout.yTicks} labels={layout.yLabels} />
          {isLabelled && <EndLabels scene={scene} isNamed={isNamed} />}
          <BeyondLabels scene={scene} axis={axis} />
          {props.smoothing > 0 && (
            <span className={classes.smoothed} style={{ right: gutter + 2 }}>
              smoothed {props.smoothing}
            </span>
          )}
        </>
      )}
    </div>
  );
}

const arrows: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
