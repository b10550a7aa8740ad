/** Keys that mean something only where the focus is, for the dialog of keys; the parts of the page that take them have them. */
export const localKeys: readonly {
  readonly place: string;
  readonly keys: readonly { readonly title: string; readonly keys: readonly string[] }[];
}[] = [
  {
    place: 'In the graph of a pipeline',
    keys: [
      {
        title: 'Along the arrows, up and down a column',
        keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
      },
      { title: 'Move the drawing', keys: ['shift+ArrowLeft', 'shift+ArrowRight'] },
      { title: 'Into the stage, or unfold the group', keys: ['Enter'] },
      { title: 'Nearer, further', keys: ['plus', '-'] },
      { title: 'Show all of it', keys: ['0'] },
    ],
  },
  {
    place: 'In the list of stages',
    keys: [
      { title: 'Next stage, the one before', keys: ['J', 'K'] },
      { title: 'Unfold or fold a group', keys: ['ArrowRight', 'ArrowLeft'] },
      { title: 'Into the stage', keys: ['Enter', ' '] },
    ],
  },
  {
    place: 'In the stages over time',
    keys: [
      { title: 'Next stage, the one before', keys: ['J', 'K'] },
      { title: 'Nearer, further', keys: ['plus', '-'] },
      { title: 'The whole time', keys: ['0'] },
    ],
  },
];
