/** Calls back when the theme changes: with the system's preference or with an attribute of the root element. Returns how to stop. */
export function watchTheme(onChange: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(forced-colors: active)');
  dark.addEventListener('change', onChange);
  contrast.addEventListener('change', onChange);
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true });
  return () => {
    dark.removeEventListener('change', onChange);
    contrast.removeEventListener('change', onChange);
    observer.disconnect();
  };
}
