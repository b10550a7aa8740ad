import type { Incident } from '../../contract/index.ts';

/** Incidents that have opened since, and are not put off. @param known the last incident that was known of; null before any was read */
export const newIncidents = (known: number | null, open: readonly Incident[], now: number): Incident[] =>
  known === null
    ? []
    : open.filter(({ id, snoozedUntil }) => id > known && (snoozedUntil === null || snoozedUntil <= now));

/** What a notification says of an incident. */
export const incidentNotice = (
  { severity, about }: Incident,
  monitorName: string,
): { title: string; body: string } => ({
  title: `${monitorName}: ${titles[severity]}`,
  body: about,
});

const titles: Readonly<Record<Incident['severity'], string>> = {
  small: 'small drift',
  medium: 'medium drift',
  large: 'large drift',
  harm: 'the model suffers',
  broken: 'something cannot be read',
};
