/** Programs of the system that the script calls; looked up once, so that a run's own PATH cannot change them. */
export const supervisorPrograms = ['setsid', 'date', 'mv', 'sync', 'sleep'] as const;
export type SupervisorPrograms = Readonly<Record<(typeof supervisorPrograms)[number], string>>;

/** Changes with every change of the script, so that a new program never disturbs the supervisors that are running. */
export const supervisorFormat = 2;

/**
 * The supervisor: a POSIX shell that waits for one child and records how it ended. Everything else is left to the engine.
 *
 * `sh supervise.sh FOLDER LIMIT_S MARK COMMAND…` starts itself once more in a session of its own (`setsid`), where it
 * writes start.json and becomes the command by `exec`: same pid, same start time. The child's output goes straight into
 * out.log, opened for appending, so no pump stands between a program and its record and nobody's death loses a byte.
 * Both streams share the file: only then are they in the order in which they were written, a traceback next to the
 * progress line it interrupted. Two files would tell the streams apart but lose that order for good.
 *
 * How 137 is told from SIGKILL: a shell writes a message ("Killed") to its own stderr when the command it waits for died
 * of a signal, and nothing when it exited by itself. Only that message can come into supervisor.log, because the child
 * redirects its output itself. Silent by convention are SIGINT and SIGPIPE alone.
 *
 * The child must run in the foreground: a shell without job control starts background commands with SIGINT ignored.
 * Both records carry the machine's uptime beside the clock: a clock that is set meanwhile cannot make a run longer or shorter.
 * Records are written over space reserved by the engine (`1<>` does not truncate), flushed, and renamed.
 * Variables start with `benchtop_`: assigning to a name that the user exports would change the child's environment.
 */
export function supervisorScript(programs: SupervisorPrograms): string {
  const { setsid, date, mv, sync, sleep } = mapValues(programs, quoted);
  return `# Benchtop's supervisor, format ${supervisorFormat}. Written by the engine; safe to delete while nothing runs.

benchtop_now() { # milliseconds UTC
  benchtop_at=$(${date} +%s%3N)
  case $benchtop_at in *[!0-9]*) benchtop_at=$(${date} +%s)000 ;; esac
}
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
  benchtop_folder=$2 benchtop_mark=$3
  shift 3
  exec </dev/null >>"$benchtop_folder/out.log" 2>&1
  { ulimit -S -w "$benchtop_mark" || ulimit -S -x "$benchtop_mark"; } 2>/dev/null
  benchtop_ticks_of $$
  benchtop_now
  benchtop_uptime
  benchtop_boot=
  { IFS= read -r benchtop_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  printf '{"pid":%s,"startTicks":%s,"bootId":"%s","at":%s,"uptimeS":%s}' \\
    $$ "$benchtop_ticks" "$benchtop_boot" "$benchtop_at" "$benchtop_up" 1<>"$benchtop_folder/start.json.new" &&
    ${mv} -f "$benchtop_folder/start.json.new" "$benchtop_folder/start.json"
  # Flushed beside the child, not before it, and by a grandchild, so that the command inherits no child it does not know.
  (${sync} "$benchtop_folder/start.json" "$benchtop_folder" >/dev/null 2>&1 &)
  # Runs only when exec fails; the shell's own message about it stands in out.log then.
  trap 'printf "{\\"status\\":%s}" $? 1<>"$benchtop_folder/refused.json.new" &&
    ${mv} -f "$benchtop_folder/refused.json.new" "$benchtop_folder/refused.json"' EXIT
  exec "$@"
fi

benchtop_folder=$1 benchtop_limit=$2 benchtop_mark=$3
shift 3
trap : HUP INT TERM
exec </dev/null >/dev/null 2<>"$benchtop_folder/supervisor.log"

benchtop_watch=
if [ "$benchtop_limit" -gt 0 ]; then
  # Holds the time limit when no engine runs; an engine would have acted before.
  (
    exec 2>/dev/null
    benchtop_sleep=
    trap 'kill "$benchtop_sleep"; exit 0' TERM
    ${sleep} "$benchtop_limit" & benchtop_sleep=$!
    wait "$benchtop_sleep"
    { IFS=':,' read -r benchtop_x benchtop_pid benchtop_x benchtop_then benchtop_x <"$benchtop_folder/start.json"; } || exit 0
    unset IFS
    benchtop_ticks_of "$benchtop_pid" && [ "$benchtop_ticks" = "$benchtop_then" ] || exit 0
    benchtop_now
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

${setsid} /bin/sh "$0" --become "$benchtop_folder" "$benchtop_mark" "$@"
benchtop_status=$?

benchtop_now
benchtop_uptime
benchtop_signal=false
IFS= read -r benchtop_message <"$benchtop_folder/supervisor.log"
case $benchtop_message in [!\\ ]*) [ $benchtop_status -gt 128 ] && benchtop_signal=true ;; esac
benchtop_oom=null
while read -r benchtop_key benchtop_count; do
  if [ "$benchtop_key" = oom_kill ]; then benchtop_oom=$benchtop_count; break; fi
done </proc/vmstat
printf '{"status":%s,"isSignal":%s,"oomKills":%s,"at":%s,"uptimeS":%s}' \\
  "$benchtop_status" "$benchtop_signal" "$benchtop_oom" "$benchtop_at" "$benchtop_up" 1<>"$benchtop_folder/end.json.new"
${sync} "$benchtop_folder/out.log" "$benchtop_folder/end.json.new"
${mv} -f "$benchtop_folder/end.json.new" "$benchtop_folder/end.json"
[ -z "$benchtop_watch" ] || kill "$benchtop_watch" 2>/dev/null
${sync} "$benchtop_folder"
`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function mapValues<K extends string>(
  record: Readonly<Record<K, string>>,
  change: (value: string) => string,
): Record<K, string> {
  return Object.fromEntries(
    Object.entries<string>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<K, string>;
}
