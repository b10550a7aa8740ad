import { Checkbox, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ScriptArgument } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { optionValue, withOption } from './command-options.ts';
import styles from './start-run-dialog.module.css';

/** The options that the script of a command declares, as fields that write into the command. Nothing for other commands. */
export function ScriptFields({
  projectId,
  command,
  workingFolder,
  onChange,
}: {
  projectId: string;
  command: readonly string[];
  workingFolder: string;
  onChange: (command: string[]) => void;
}) {
  // The values of the options do not matter here, and a script is named before them.
  const [named] = useDebouncedValue(command.slice(0, 4).join('\n'), 200);
  const { data } = useQuery({
    queryKey: ['script-arguments', projectId, workingFolder, named],
    queryFn: () =>
      engine.environments.scriptArguments({ projectId, workingFolder, command: named.split('\n') }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const options = data?.arguments.filter((argument) => argument.name.startsWith('-')) ?? [];
  if (data === undefined || data.script === null || options.length === 0) return null;
  return (
    <fieldset className={styles.fields}>
      <legend>Options of {data.script}</legend>
      <div className={styles.grid}>
        {options.map((argument) => (
          <Field
            key={argument.name}
            argument={argument}
            value={optionValue(command, argument.name, argument.kind === 'flag')}
            onChange={(value) => onChange(withOption(command, argument.name, value))}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Field({
  argument,
  value,
  onChange,
}: {
  argument: ScriptArgument;
  value: string | true | null;
  onChange: (value: string | true | null) => void;
}) {
  const { name, kind, choices, help } = argument;
  const title = help ?? undefined;
  if (kind === 'flag')
    return (
      <Checkbox
        label={name}
        title={title}
        className={styles.flag}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? true : null)}
      />
    );
  const text = value === true ? '' : (value ?? '');
  const placeholder = argument.default ?? (argument.isRequired ? 'required' : '');
  if (kind === 'choice')
    return (
      <Select
        label={name}
        title={title}
        data={choices}
        value={text === '' ? null : text}
        placeholder={placeholder}
        clearable
        onChange={onChange}
      />
    );
  return (
    <TextInput
      label={name}
      title={title}
      value={text}
      placeholder={placeholder}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
  );
}
