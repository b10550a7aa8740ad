#include <stdio.h>
#include <stdlib.h>

/* darknet's way of printing: one line an iteration, names behind the numbers now and then. */
int main(int argc, char **argv) {
  int rounds = argc > 2 ? atoi(argv[2]) : 3;
  for (int i = 1; i <= rounds; i++) {
    printf("iter %d: loss = %.4f, grad_norm = %g\n", i, 2.0 / i, 0.5 / i);
    fflush(stdout);
  }
  fprintf(stderr, "Done. error=%.3e\n", 0.00125);
  FILE *weights = fopen("weights.bin", "wb");
  fputs("w", weights);
  return fclose(weights);
}
