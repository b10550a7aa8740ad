;; Looks at the lines of a text, sixteen bytes at a time. See line-scan.ts for what it is asked and what it tells.
(module
  (memory (export "memory") 12)
  ;; Sixteen bytes to keep, then sixteen to drop: what is loaded n bytes before the middle keeps the first n.
  (data (i32.const 0) "\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")

  ;; From $at on, where a line begins, up to $end, where a newline stands behind the text. Writes start, stop (i32) and shape (f64) of
  ;; each line that may speak to $table, at most $room of them. Returns how many, and where the next line begins.
  (func (export "scan") (param $at i32) (param $end i32) (param $table i32) (param $room i32) (result i32 i32)
    (local $start i32) (local $count i32) (local $ends i32) (local $blanks i32) (local $blankBefore i32) (local $speaks i32)
    (local $length i32) (local $shape i64)
    (local $bytes v128) (local $signs v128) (local $high v128) (local $low v128)
    (block $done
      (loop $line
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (br_if $done (i32.ge_u (local.get $count) (local.get $room)))
        (local.set $start (local.get $at))
        (local.set $speaks (i32.const 0))
        (local.set $blankBefore (i32.const 0))
        (local.set $high (v128.const i32x4 0x811c9dc5 0x2f0b4a27 0x6a09e667 0xbb67ae85))
        (local.set $low (v128.const i32x4 0x3c6ef372 0xa54ff53a 0x510e527f 0x9b05688c))
        (loop $block
          (local.set $bytes (v128.load (local.get $at)))
          (local.set $ends
            (i8x16.bitmask
              (v128.or
                (i8x16.eq (local.get $bytes) (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))
                (i8x16.eq (local.get $bytes) (v128.const i8x16 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13 13)))))
          (if (local.get $ends)
            (then
              (local.set $length (i32.ctz (local.get $ends)))
              (local.set $bytes
                (v128.and (local.get $bytes) (v128.load (i32.sub (i32.const 16) (local.get $length)))))))
          (local.set $signs
            (i8x16.sub (local.get $bytes) (v128.const i8x16 48 48 48 48 48 48 48 48 48 48 48 48 48 48 48 48)))
          ;; From 0 to =, or a tab; or two blanks, one of which may have ended the block before.
          (local.set $blanks
            (i8x16.bitmask
              (i8x16.eq (local.get $bytes) (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))))
          (local.set $speaks
            (i32.or
              (i32.or
                (local.get $speaks)
                (v128.any_true
                  (v128.or
                    (i8x16.lt_u (local.get $signs) (v128.const i8x16 14 14 14 14 14 14 14 14 14 14 14 14 14 14 14 14))
                    (i8x16.eq (local.get $bytes) (v128.const i8x16 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9)))))
              (i32.and
                (local.get $blanks)
                (i32.or (i32.shl (local.get $blanks) (i32.const 1)) (local.get $blankBefore)))))
          (local.set $blankBefore (i32.shr_u (local.get $blanks) (i32.const 15)))
          ;; Every digit stands for 0.
          (local.set $bytes
            (v128.andnot
              (local.get $bytes)
              (v128.and
                (i8x16.lt_u (local.get $signs) (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))
                (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15))))
          (local.set $high
            (i32x4.mul
              (v128.xor (local.get $high) (local.get $bytes))
              (v128.const i32x4 0x9e3779b1 0x9e3779b1 0x9e3779b1 0x9e3779b1)))
          (local.set $high (v128.xor (local.get $high) (i32x4.shr_u (local.get $high) (i32.const 15))))
          (local.set $low
            (i32x4.mul
              (v128.xor (local.get $low) (local.get $bytes))
              (v128.const i32x4 0x85ebca6b 0x85ebca6b 0x85ebca6b 0x85ebca6b)))
          (local.set $low (v128.xor (local.get $low) (i32x4.shr_u (local.get $low) (i32.const 13))))
          (if (i32.eqz (local.get $ends))
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 16)))
              (br $block))))
        (local.set $at (i32.add (local.get $at) (local.get $length)))
        (if (local.get $speaks)
          (then
            (local.set $shape (i64x2.extract_lane 0 (local.get $high)))
            (local.set $shape (i64.xor (call $mixed (local.get $shape)) (i64x2.extract_lane 1 (local.get $high))))
            (local.set $shape (i64.xor (call $mixed (local.get $shape)) (i64x2.extract_lane 0 (local.get $low))))
            (local.set $shape (i64.xor (call $mixed (local.get $shape)) (i64x2.extract_lane 1 (local.get $low))))
            (i32.store (local.get $table) (local.get $start))
            (i32.store offset=4 (local.get $table) (local.get $at))
            (f64.store offset=8 (local.get $table)
              (f64.convert_i64_u (i64.shr_u (call $mixed (local.get $shape)) (i64.const 11))))
            (local.set $table (i32.add (local.get $table) (i32.const 16)))
            (local.set $count (i32.add (local.get $count) (i32.const 1)))))
        ;; Over the byte that ended the line.
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $line)))
    (local.get $count)
    (local.get $at))

  (func $mixed (param $sum i64) (result i64)
    (i64.mul
      (i64.xor (local.get $sum) (i64.shr_u (local.get $sum) (i64.const 29)))
      (i64.const 0xbf58476d1ce4e5b9))))
