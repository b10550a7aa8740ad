/** Marks a run that was made to judge a version; its value names the version. */
export const gateTag = 'benchtop.gate';
/** Marks a run that was made to reproduce another; its value is the other's id. */
export const reproducesTag = 'benchtop.reproduces';
/** On a reproduced run: the verdict of its latest reproduction. */
export const verdictTag = 'benchtop.reproduced';
