"""Leaves what Stable-Baselines' csv logger leaves, and prints its table."""
with open("progress.csv", "w") as file:
    file.write("time/total_timesteps,rollout/ep_rew_mean,train/value_loss\n")
    for update in range(1, 4):
        file.write(f"{update * 2048},{-500 + 100 * update},{10 / update:.3f}\n")
        file.flush()
        print("-" * 40)
        print(f"| rollout/            |          |\n|    ep_rew_mean      | {-500 + 100 * update:<8} |")
        print("-" * 40)
open("ppo_agent.zip", "wb").write(b"PK")
