import benchtop

benchtop.params(depth=4)
for step in range(5):
    benchtop.log(gain=step / 5)
