from tensorboardX import SummaryWriter

writer = SummaryWriter("runs/exp1")
for step in range(20):
    writer.add_scalar("loss/train", 1 / (step + 1), step)
    writer.add_scalar("loss/valid", 1.1 / (step + 1), step)
writer.add_text("note", "hello")
writer.close()
