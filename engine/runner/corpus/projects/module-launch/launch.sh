# Two workers as a launcher starts them; only the first prints.
RANK=1 python3 -m pkg.train "$@" &
RANK=0 python3 -m pkg.train "$@"
wait
