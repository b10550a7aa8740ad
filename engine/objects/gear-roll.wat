;; The inner loop of the hash by which files are cut. See gear-roll.ts for what it is asked and what it tells.
(module
  (import "of" "memory" (memory 1 65536 shared))

  (func (export "find") (param $from i32) (param $to i32) (param $limit i32) (result i32)
    ;; Four places at once, next to each other: the words that end there begin at $at and the three bytes behind it. Their hashes go on
    ;; from those of the four places before.
    (local $at i32) (local $words v128) (local $hashes v128)
    (local $before v128) (local $most v128) (local $factor v128) (local $limits v128)
    (local.set $words (v128.const i8x16 0 1 2 3 1 2 3 4 2 3 4 5 3 4 5 6))
    (local.set $factor (i32x4.splat (i32.const 0x9e3779b1)))
    (local.set $limits (i32x4.splat (local.get $limit)))
    ;; The hash is made of 31 words before the last, too.
    (local.set $at (i32.sub (local.get $from) (i32.const 127)))
    (loop $warming
      (local.set $hashes
        (i32x4.add
          (i32x4.shl (local.get $hashes) (i32.const 1))
          (i8x16.relaxed_swizzle (v128.load align=1 (local.get $at)) (local.get $words))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $warming (i32.lt_s (local.get $at) (i32.sub (local.get $from) (i32.const 3)))))

    ;; Sixteen places at a time, of which only the greatest value is looked at.
    (block $found
      (loop $sixteen
        (if (i32.ge_s (i32.add (local.get $at) (i32.const 3)) (local.get $to)) (then (return (i32.const -1))))
        (local.set $before (local.get $hashes))
        (local.set $hashes
          (i32x4.add
            (i32x4.shl (local.get $hashes) (i32.const 1))
            (i8x16.relaxed_swizzle (v128.load align=1 (local.get $at)) (local.get $words))))
        (local.set $most (i32x4.mul (local.get $hashes) (local.get $factor)))
        (local.set $hashes
          (i32x4.add
            (i32x4.shl (local.get $hashes) (i32.const 1))
            (i8x16.relaxed_swizzle (v128.load offset=4 align=1 (local.get $at)) (local.get $words))))
        (local.set $most (i32x4.max_s (local.get $most) (i32x4.mul (local.get $hashes) (local.get $factor))))
        (local.set $hashes
          (i32x4.add
            (i32x4.shl (local.get $hashes) (i32.const 1))
            (i8x16.relaxed_swizzle (v128.load offset=8 align=1 (local.get $at)) (local.get $words))))
        (local.set $most (i32x4.max_s (local.get $most) (i32x4.mul (local.get $hashes) (local.get $factor))))
        (local.set $hashes
          (i32x4.add
            (i32x4.shl (local.get $hashes) (i32.const 1))
            (i8x16.relaxed_swizzle (v128.load offset=12 align=1 (local.get $at)) (local.get $words))))
        (local.set $most (i32x4.max_s (local.get $most) (i32x4.mul (local.get $hashes) (local.get $factor))))
        (br_if $found (v128.any_true (i32x4.gt_s (local.get $most) (local.get $limits))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $sixteen)))

    ;; Which of the sixteen it is.
    (local.set $hashes (local.get $before))
    (loop $four
      (local.set $hashes
        (i32x4.add
          (i32x4.shl (local.get $hashes) (i32.const 1))
          (i8x16.relaxed_swizzle (v128.load align=1 (local.get $at)) (local.get $words))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (local.set $most (i32x4.gt_s (i32x4.mul (local.get $hashes) (local.get $factor)) (local.get $limits)))
      (br_if $four (i32.eqz (v128.any_true (local.get $most)))))
    (local.set $at (i32.add (local.get $at) (i32.ctz (i32x4.bitmask (local.get $most)))))
    (select (local.get $at) (i32.const -1) (i32.le_s (local.get $at) (local.get $to)))))
