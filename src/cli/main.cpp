#include <cstdlib>  // __GLIBC__
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/program.h"
#include "cli/signals.h"

namespace {

// Matrices go back to the system when they are freed. Left alone, glibc raises this bound to the largest
// block that was ever freed, and what `fit` and `train` leave behind adds up (docs/decisions/memory.md).
void return_large_blocks() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1'000'000);
#endif
}

}  // namespace

int main(int count, char** values) {
  return_large_blocks();
  const pomona::cli::Signals signals;
  return pomona::cli::run_program({values + 1, values + count}, signals.token());
}
