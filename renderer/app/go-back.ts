/** Goes back within Benchtop; stays where the way began, instead of leaving for whatever the tab showed before. */
export function goBack(): void {
  const { navigation } = globalThis as { navigation?: { readonly canGoBack: boolean } };
  if (navigation?.canGoBack !== false) history.back();
}
