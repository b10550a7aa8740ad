;; The inner loop of the Gear hash. See gear-roll.ts for what it is asked and what it tells.
(module
  ;; A table of 256 numbers at 0, then what is cut.
  (import "of" "memory" (memory 1 65536 shared))
  (global $last (export "hash") (mut i32) (i32.const 0))

  ;; Rolls over the bytes from $at to before $to. Returns the position behind the first byte at which no bit of $mask is set in the
  ;; hash; where there is none −1, and the hash is left in the global.
  (func (export "roll") (param $at i32) (param $to i32) (param $mask i32) (param $hash i32) (result i32)
    (local $before i32) (local $ahead i32) (local $middle i32) (local $warm i32)
    ;; Two places 1 KiB apart at once: each step waits for the one before, so one alone leaves the processor idle half of the time.
    ;; Whatever is found by them is looked for again by the plain loop below.
    (block $found
      (block $short
        (loop $pair
          (br_if $short (i32.lt_s (i32.sub (local.get $to) (local.get $at)) (i32.const 2048)))
          (local.set $middle (i32.add (local.get $at) (i32.const 1024)))
          ;; The hash is made of the last 32 bytes alone.
          (local.set $warm (i32.sub (local.get $middle) (i32.const 32)))
          (local.set $ahead (i32.const 0))
          (loop $warming
            (local.set $ahead
              (i32.add
                (i32.shl (local.get $ahead) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u (local.get $warm)) (i32.const 2)))))
            (local.set $warm (i32.add (local.get $warm) (i32.const 1)))
            (br_if $warming (i32.lt_s (local.get $warm) (local.get $middle))))
          (loop $both
            (local.set $before (local.get $hash))
            (local.set $hash
              (i32.add
                (i32.shl (local.get $hash) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $hash) (local.get $mask))))
            (local.set $ahead
              (i32.add
                (i32.shl (local.get $ahead) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=1024 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $ahead) (local.get $mask))))
            (local.set $hash
              (i32.add
                (i32.shl (local.get $hash) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=1 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $hash) (local.get $mask))))
            (local.set $ahead
              (i32.add
                (i32.shl (local.get $ahead) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=1025 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $ahead) (local.get $mask))))
            (local.set $hash
              (i32.add
                (i32.shl (local.get $hash) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=2 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $hash) (local.get $mask))))
            (local.set $ahead
              (i32.add
                (i32.shl (local.get $ahead) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=1026 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $ahead) (local.get $mask))))
            (local.set $hash
              (i32.add
                (i32.shl (local.get $hash) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=3 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $hash) (local.get $mask))))
            (local.set $ahead
              (i32.add
                (i32.shl (local.get $ahead) (i32.const 1))
                (i32.load (i32.shl (i32.load8_u offset=1027 (local.get $at)) (i32.const 2)))))
            (br_if $found (i32.eqz (i32.and (local.get $ahead) (local.get $mask))))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br_if $both (i32.lt_s (local.get $at) (local.get $middle))))
          (local.set $at (i32.add (local.get $at) (i32.const 1024)))
          (local.set $hash (local.get $ahead))
          (br $pair)))
      (local.set $before (local.get $hash)))
    (local.set $hash (local.get $before))
    (block $done
      (loop $byte
        (br_if $done (i32.ge_s (local.get $at) (local.get $to)))
        (local.set $hash
          (i32.add
            (i32.shl (local.get $hash) (i32.const 1))
            (i32.load (i32.shl (i32.load8_u (local.get $at)) (i32.const 2)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $byte (i32.and (local.get $hash) (local.get $mask)))
        (return (local.get $at))))
    (global.set $last (local.get $hash))
    (i32.const -1)))
