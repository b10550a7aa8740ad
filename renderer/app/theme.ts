import { ActionIcon, Button, createTheme, Menu, Modal, Popover, TextInput, Tooltip } from '@mantine/core';

const accent = [
  '#eef3fd',
  '#dbe6fa',
  '#b6ccf5',
  '#8fb2f3',
  '#7aa7ff',
  '#4a83e6',
  '#1f5fd0',
  '#1a51b3',
  '#154293',
  '#103474',
] as const;

/** Mantine set down to "quiet bench": small type, 4 px grid, hairlines, no shadows except over-layers. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  colors: { accent },
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '16px', md: '20px', lg: '20px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '6px', xl: '6px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  focusRing: 'auto',
  cursorType: 'default',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'compact-sm', variant: 'default' },
      styles: { root: { fontWeight: 500, height: 26, fontSize: 12, paddingInline: 10 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 26, variant: 'subtle', color: 'gray' } }),
    TextInput: TextInput.extend({
      defaultProps: { size: 'xs' },
      styles: { input: { fontSize: 13, height: 28, minHeight: 28 } },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, withArrow: false, transitionProps: { duration: 0 } },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 0 } } }),
    Popover: Popover.extend({
      defaultProps: { shadow: 'md', radius: 'md', transitionProps: { duration: 0 } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 'md',
        centered: true,
        transitionProps: { duration: 0 },
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
  },
});
