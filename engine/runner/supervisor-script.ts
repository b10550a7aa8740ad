/** Programs of the system that the script calls; looked up once, so that a run's own PATH cannot change them. */
export const supervisorPrograms = ['setsid', 'date', 'mv', 'sync', 'sleep'] as const;
export type SupervisorPrograms = Readonly<Record<(typeof supervisorPrograms)[number], string>>;

/**
 * The variable of a supervisor that holds what sets its runs' own, in the shell's language: whose they are is said by the variables of
 * the script (`saidShort`). Its arguments could be read by everybody.
 */
export const ownVariables = 'benchtop_own';

/** Changes with every change of the script, so that a new program never disturbs the supervisors that are running. */
export const supervisorFormat = 8;

/** How a supervisor gives a command a process group of its own (`supervisorScript`). */
export type SupervisorWay = 'groups' | 'sessions';

/**
 * The supervisor: a shell that begins one command after the other, waits for each and records how it ended. Everything
 * else is left to the engine.
 *
 * `SHELL supervise.sh RUNS BOOT NAME LIMIT_S RUN_ID WAY` is told of jobs on its standard input, two lines each (`toldJob`). Their
 * folders lie below RUNS; NAME only tells supervisors apart. It is given a job when it has none, and its standard output tells `ended`.
 * The engine's end is the end of its input: it sees its last job through, flushes what it wrote of it, and leaves. With a
 * LIMIT_S above 0 it is there for the one run RUN_ID, and ends it after so many seconds.
 *
 * For each job it makes a second shell in a process group of its own, before there is one: that takes longer than many a command.
 * This one reads the first line, writes start.json and becomes the command by `exec`: same pid, same start time.
 * WAY is `groups` for bash, whose job control needs no terminal: the second shell is a fork of the first. Any other shell has to start
 * itself once more in a session of its own, by the program `setsid` (`sessions`), which takes twice as long.
 * A shell asks the system for each byte of a line that it reads, which takes a microsecond; bash is told how many there are, and asks
 * once. What is the same for all of its jobs it is told once (`ownVariables`).
 * When it is gone the supervisor reads the second line, and knows whose end it is. The child's output goes straight into
 * out.log, opened for appending, so no pump stands between a program and its record and nobody's death loses a byte.
 * Both streams share the file: only then are they in the order in which they were written, a traceback next to the
 * progress line it interrupted. Two files would tell the streams apart but lose that order for good.
 *
 * How 137 is told from SIGKILL: a shell writes a message ("Killed") to its own stderr when the command it waits for died
 * of a signal, and nothing when it exited by itself. That stderr is a file without a name that the engine hands it, and that it reads
 * anew through /proc; nothing else can come there, because the child redirects its output itself, and what the shell says of its locale
 * when it starts is wiped. Silent are, by convention, SIGINT and SIGPIPE; with job control none.
 *
 * The child must not be a background command of a shell without job control: that starts them with SIGINT ignored. And not one in the
 * foreground of a shell with it: that would end itself after a child that SIGINT ended, and go on while a child is stopped.
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
  read -r benchtop_up benchtop_x <"$benchtop_clock" || benchtop_up=null
}
benchtop_ticks_of() { # start time of process $1, in clock ticks since boot
  benchtop_ticks=0
  IFS= read -r benchtop_stat <"/proc/$1/stat" || return 1
  benchtop_field_20 \${benchtop_stat##*) }
}
benchtop_field_20() { shift 19; benchtop_ticks=$1; }
benchtop_listen() { # sets benchtop_said to what is told next
  if [ "$benchtop_way" = groups ]; then
    read -r -N 4 benchtop_x && read -r -N "$benchtop_x" benchtop_said
  else
    read -r benchtop_x benchtop_said
  fi
}
benchtop_become() { # reads a job, and is process $1 of it; a shell names the limit for file locks -w or, as $2, -x
  benchtop_pid=$1 benchtop_locks=$2
  benchtop_line='
'
  # As benchtop_ticks_of has it, for a process whose name is known to have no space, at a sixth of the time.
  read -r ${'benchtop_x '.repeat(21)}benchtop_ticks benchtop_x <"/proc/$benchtop_pid/stat"
  benchtop_listen || exit 1
  set --
  eval "$benchtop_said"
  [ $# -gt 2 ] || exit 1
  benchtop_mark=$1 benchtop_run=$2 benchtop_folder=$benchtop_runs/$2
  shift 2
  # The folder may be another of the same name by now.
  [ . -ef "$benchtop_here" ] || cd -- "$benchtop_here" || exit 126
  eval "$${ownVariables}"
  unset ${ownVariables}
  benchtop_marked=true
  ulimit -S "$benchtop_locks" "$benchtop_mark" || {
    ulimit -S -x "$benchtop_mark" || benchtop_marked=false
    : >/proc/self/fd/2
  }
  benchtop_uptime
  printf '{"run":"%s","pid":%s,"startTicks":%s,"bootId":"%s","uptimeS":%s,"isMarked":%s}' \\
    "$benchtop_run" "$benchtop_pid" "$benchtop_ticks" "$benchtop_boot" "$benchtop_up" "$benchtop_marked" 1<>"$benchtop_folder/start.json"
  exec </dev/null >>"$benchtop_folder/out.log" 2>&1
  # Where that fails the shell says so in out.log, and ends with 126 or 127.
  exec "$@"
}
benchtop_await() { # returns how the child $1 ended
  while :; do
    wait "$1"
    benchtop_status=$?
    # To be stopped is an end to a wait with job control: 147 to 150. "wait -f" may look at memory there that bash has given back.
    case $benchtop_status in 14[789] | 150) ;; *) break ;; esac
    if { IFS= read -r benchtop_stat <"/proc/$1/stat"; } 2>/dev/null && benchtop_has_parent "$$" \${benchtop_stat##*) }; then
      : >/proc/self/fd/2
      ${sleep} 0.5 # only while it is paused
    else
      # It may have gone on and ended since: what bash remembers of a child that is gone is its end.
      wait "$1" 2>/dev/null
      benchtop_x=$?
      [ "$benchtop_x" -eq 127 ] || benchtop_status=$benchtop_x
      break
    fi
  done
  return "$benchtop_status"
}
benchtop_has_parent() { [ "$3" = "$1" ]; }

benchtop_clock=/proc/uptime
[ -r "$benchtop_clock" ] || benchtop_clock=/dev/null

if [ "$1" = --become ]; then
  benchtop_runs=$2 benchtop_boot=$3 benchtop_here=$5
  case $6 in =*) LC_ALL=\${6#=} ;; *) unset LC_ALL ;; esac
  benchtop_become $$ -w
fi

benchtop_runs=$1 benchtop_boot=$2 benchtop_name=$3 benchtop_limit=$4 benchtop_run=$5 benchtop_way=$6 benchtop_here=$PWD
: >/proc/self/fd/2
trap '' HUP INT TERM PIPE
if [ "$benchtop_way" = groups ]; then
  [ "$BASH_VERSINFO" -ge 4 ] && set -m
  case $- in *m*) ;; *) benchtop_way=sessions ;; esac
fi

benchtop_watch=
if [ "$benchtop_limit" -gt 0 ]; then
  # Holds the time limit when no engine runs; an engine would have acted before.
  (
    exec </dev/null >/dev/null 2>&1
    benchtop_folder=$benchtop_runs/$benchtop_run benchtop_sleep=
    trap 'kill "$benchtop_sleep"; exit 0' TERM
    ${sleep} "$benchtop_limit" & benchtop_sleep=$!
    wait "$benchtop_sleep"
    { IFS=':,' read -r benchtop_x benchtop_x benchtop_x benchtop_pid benchtop_x benchtop_then benchtop_x <"$benchtop_folder/start.json"; } || exit 0
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

benchtop_run=
benchtop_language=\${LC_ALL+=$LC_ALL}
while :; do
  if [ "$benchtop_way" = groups ]; then
    ( trap - HUP INT TERM PIPE; benchtop_become "$BASHPID" -x ) &
    benchtop_await "$!"
  else
    # setsid says nothing, and would load what it takes to say it in the user's language.
    ( trap - HUP INT TERM PIPE; export LC_ALL=C; exec ${setsid} /bin/sh "$0" --become "$benchtop_runs" "$benchtop_boot" "$benchtop_name" "$benchtop_here" "$benchtop_language" )
  fi
  benchtop_status=$?
  benchtop_next=
  benchtop_listen && eval "$benchtop_said"
  [ -n "$benchtop_next" ] || break
  benchtop_run=$benchtop_next benchtop_folder=$benchtop_runs/$benchtop_next

  benchtop_uptime
  benchtop_signal=false
  benchtop_oom=null
  if [ $benchtop_status -ne 0 ]; then
    IFS= read -r benchtop_message </proc/self/fd/2
    case $benchtop_message in [!\\ ]*) [ $benchtop_status -gt 128 ] && benchtop_signal=true ;; esac
    : >/proc/self/fd/2
    while read -r benchtop_key benchtop_count; do
      if [ "$benchtop_key" = oom_kill ]; then benchtop_oom=$benchtop_count; break; fi
    done </proc/vmstat
  fi
  printf '{"run":"%s","status":%s,"isSignal":%s,"oomKills":%s,"uptimeS":%s}' \\
    "$benchtop_run" "$benchtop_status" "$benchtop_signal" "$benchtop_oom" "$benchtop_up" 1<>"$benchtop_folder/end.json"
  if [ -n "$benchtop_watch" ]; then
    { kill "$benchtop_watch"; wait "$benchtop_watch"; } 2>/dev/null
    benchtop_watch=
  fi
  printf 'ended\\n'
done
[ -z "$benchtop_watch" ] || kill "$benchtop_watch" 2>/dev/null
[ -z "$benchtop_run" ] || ${sync} "$benchtop_folder/out.log" "$benchtop_folder/start.json" "$benchtop_folder/end.json" "$benchtop_folder"
`;
}

/**
 * What tells a supervisor of a job: for the shell that becomes its command, what to run, and for the one that waits, whose end it will
 * see. Each is one line in the shell's language after its length, which is read whole or not at all.
 * @param longCommand puts what is too much for a line into a file of the run, `job.sh`.
 */
export function toldJob(
  { runId, mark, command }: { runId: string; mark: string; command: readonly string[] },
  longCommand: (text: string) => void,
): string {
  const text = `set -- ${mark} ${runId} ${command.map(quoted).join(' ').replaceAll('\n', lineEnd)}`;
  // A length in characters is one in bytes, too, whatever language the shell is in.
  if (text.length <= lineAtMost && isPlain.test(text)) return line(text) + line(`benchtop_next=${runId}`);
  longCommand(text);
  return line(`. "$benchtop_runs/${runId}/job.sh"`) + line(`benchtop_next=${runId}`);
}

/** Other shells than bash read a line byte by byte, but a file at once: from here on that pays for making one. */
const lineAtMost = 1000;
const isPlain = /^[ -~]*$/;

const line = (text: string) => `${String(text.length + 2).padStart(4, '0')} ${text}\n`;

/** A word, as `quoted`, in which the run and its folder are named by the shell's own variables. */
export const saidShort = (word: string, runId: string, folder: string): string =>
  word
    .split(folder)
    .map((part) => part.split(runId).map(quotedPart).join('"$benchtop_run"'))
    .join('"$benchtop_folder"') || "''";

const quotedPart = (part: string) => (part === '' ? '' : quoted(part));

/** A single quote within single quotes. */
const quoteWithin = String.raw`'\''`;

/** The end of a line within single quotes, without one. */
const lineEnd = `'"$benchtop_line"'`;

/** A word as a shell takes it unchanged, whatever bytes it has. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", quoteWithin)}'`;
}

function mapValues<K extends string>(
  record: Readonly<Record<K, string>>,
  change: (value: string) => string,
): Record<K, string> {
  return Object.fromEntries(
    Object.entries<string>(record).map(([key, value]) => [key, change(value)]),
  ) as Record<K, string>;
}
