/** Programs of the system that the script calls; looked up once, so that a run's own PATH cannot change them. */
export const supervisorPrograms = ['setsid', 'date', 'mv', 'sync', 'sleep'] as const;
export type SupervisorPrograms = Readonly<Record<(typeof supervisorPrograms)[number], string>>;

/** Changes with every change of the script, so that a new program never disturbs the supervisors that are running. */
export const supervisorFormat = 3;

/**
 * The supervisor: a POSIX shell that begins one command after the other, waits for each and records how it ended. Everything
 * else is left to the engine.
 *
 * `sh supervise.sh RUNS BOOT NAME` reads jobs from its standard input, a line `LIMIT_S MARK RUN_ID` each, whose folder below RUNS
 * holds `job.sh`: the variables that are this run's alone, and its command. NAME only tells supervisors apart. It is given a job
 * when it has none, and its standard output tells `began` and `ended`. The engine's end is the end of its input: it
 * sees its last job through, flushes what it wrote of it, and leaves.
 *
 * For each job it starts itself once more in a session of its own (`setsid`), where it writes start.json and becomes the command
 * by `exec`: same pid, same start time. The child's output goes straight into
 * out.log, opened for appending, so no pump stands between a program and its record and nobody's death loses a byte.
 * Both streams share the file: only then are they in the order in which they were written, a traceback next to the
 * progress line it interrupted. Two files would tell the streams apart but lose that order for good.
 *
 * How 137 is told from SIGKILL: a shell writes a message ("Killed") to its own stderr when the command it waits for died
 * of a signal, and nothing when it exited by itself. That stderr is end.json, where the message is shorter than the record that
 * takes its place; nothing else can come there, because the child redirects its output itself. Silent by convention are SIGINT and
 * SIGPIPE alone.
 *
 * The child must run in the foreground: a shell without job control starts background commands with SIGINT ignored.
 * Both records carry the machine's uptime; the clock's time is that of the file. So a clock that is set meanwhile cannot make a run
 * longer or shorter, and no program has to be started to ask for it. Each record is one write over blanks that the engine has
 * reserved (`1<>` does not truncate): whoever reads finds nothing, or what cannot be parsed yet, or all of it.
 * It is made durable by the engine, which records the end in its store, and by the shell itself only where the engine is gone.
 * Variables start with `benchtop_`: assigning to a name that the user exports would change the child's environment.
 */
export function supervisorScript(programs: SupervisorPrograms): string {
  const { setsid, date, mv, sync, sleep } = mapValues(programs, quoted);
  return `# Benchtop's supervisor, format ${supervisorFormat}. Written by the engine; safe to delete while nothing runs.

benchtop_uptime() { # seconds since boot; no clock that is set changes it
  benchtop_up=null
  { read -r benchtop_up benchtop_x </proc/uptime; } 2>/dev/null || benchtop_up=null
}
benchtop_ticks_of() { # start time of process $1, in clock ticks since boot
  benchtop_ticks=0
  { IFS= read -r benchtop_stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  benchtop_field_20 \${benchtop_stat##*) }
}
benchtop_field_20() { shift 19; benchtop_ticks=$1; }

if [ "$1" = --become ]; then
  benchtop_folder=$2 benchtop_mark=$3 benchtop_boot=$4
  shift 4
  { ulimit -S -w "$benchtop_mark" || ulimit -S -x "$benchtop_mark"; } 2>/dev/null
  benchtop_ticks_of $$
  benchtop_uptime
  printf '{"pid":%s,"startTicks":%s,"bootId":"%s","uptimeS":%s}' \\
    $$ "$benchtop_ticks" "$benchtop_boot" "$benchtop_up" 1<>"$benchtop_folder/start.json"
  # Nobody may be listening any more; \`exec\` puts the signal back as it was.
  trap : PIPE
  printf 'began\\n' 2>/dev/null
  exec </dev/null >>"$benchtop_folder/out.log" 2>&1
  # Runs only when exec fails; the shell's own message about it stands in out.log then.
  trap 'printf "{\\"status\\":%s}" $? >"$benchtop_folder/refused.json"' EXIT
  exec "$@"
fi

benchtop_runs=$1 benchtop_boot=$2 benchtop_run=
trap : HUP INT TERM PIPE
exec 2>/dev/null

while read -r benchtop_limit benchtop_mark benchtop_run; do
  benchtop_folder=$benchtop_runs/$benchtop_run
  exec 2<>"$benchtop_folder/end.json"
  benchtop_watch=
  if [ "$benchtop_limit" -gt 0 ]; then
    # Holds the time limit when no engine runs; an engine would have acted before.
    (
      exec </dev/null >/dev/null 2>&1
      benchtop_sleep=
      trap 'kill "$benchtop_sleep"; exit 0' TERM
      ${sleep} "$benchtop_limit" & benchtop_sleep=$!
      wait "$benchtop_sleep"
      { IFS=':,' read -r benchtop_x benchtop_pid benchtop_x benchtop_then benchtop_x <"$benchtop_folder/start.json"; } || exit 0
      unset IFS
      benchtop_ticks_of "$benchtop_pid" && [ "$benchtop_ticks" = "$benchtop_then" ] || exit 0
      benchtop_at=$(${date} +%s%3N)
      case $benchtop_at in *[!0-9]*) benchtop_at=$(${date} +%s)000 ;; esac
      [ -e "$benchtop_folder/cancel.json" ] ||
        printf '{"reason":"time limit","at":%s}' "$benchtop_at" >"$benchtop_folder/cancel.json.new" &&
        ${mv} -f "$benchtop_folder/cancel.json.new" "$benchtop_folder/cancel.json"
      kill -s TERM -- "-$benchtop_pid"; kill -s CONT -- "-$benchtop_pid"
      ${sleep} 5 & benchtop_sleep=$!
      wait "$benchtop_sleep"
      kill -s KILL -- "-$benchtop_pid"
    ) &
    benchtop_watch=$!
  fi

  (
    # The folder may be another of the same name by now.
    [ . -ef "$PWD" ] || cd -- "$PWD" || exit 126
    . "$benchtop_folder/job.sh"
    exec ${setsid} /bin/sh "$0" --become "$benchtop_folder" "$benchtop_mark" "$benchtop_boot" "$@"
  )
  benchtop_status=$?

  benchtop_uptime
  benchtop_signal=false
  benchtop_oom=null
  if [ $benchtop_status -ne 0 ]; then
    IFS= read -r benchtop_message <"$benchtop_folder/end.json"
    case $benchtop_message in [!\\ ]*) [ $benchtop_status -gt 128 ] && benchtop_signal=true ;; esac
    while read -r benchtop_key benchtop_count; do
      if [ "$benchtop_key" = oom_kill ]; then benchtop_oom=$benchtop_count; break; fi
    done </proc/vmstat
  fi
  printf '{"status":%s,"isSignal":%s,"oomKills":%s,"uptimeS":%s}' \\
    "$benchtop_status" "$benchtop_signal" "$benchtop_oom" "$benchtop_up" 1<>"$benchtop_folder/end.json"
  exec 2>/dev/null
  if [ -n "$benchtop_watch" ]; then
    kill "$benchtop_watch"
    wait "$benchtop_watch"
  fi
  printf 'ended\\n'
done
[ -z "$benchtop_run" ] || ${sync} "$benchtop_folder/out.log" "$benchtop_folder/start.json" "$benchtop_folder/end.json" "$benchtop_folder"
`;
}

/** A word as a shell takes it unchanged, whatever bytes it has. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function mapValues<K extends string>(
  record: Readonly<Record<K, string>>,
  change: (value: string) => string,
): Record<K, string> {
  return Object.fromEntries(
    Object.entries<string>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<K, string>;
}
