#include <cstdlib>  // __GLIBC__
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <fcntl.h>
#include <unistd.h>

#include "cli/program.h"
#include "cli/signals.h"

namespace {

// Matrices go back to the system when they are freed. Left alone, glibc raises the first bound to the largest
// block that was ever freed, and what `fit` and `train` leave behind adds up. What each shard needs anew
// stays: fresh pages cost more than filling them (docs/decisions/memory.md).
void set_allocation_bounds() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 4'000'000);  // bytes
  mallopt(M_TRIM_THRESHOLD, 8'000'000);
#endif
}

// A stream that whoever called has closed would let its number go to the next file that is opened.
void open_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) == -1) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

}  // namespace

int main(int count, char** values) {
  open_streams();
  set_allocation_bounds();
  const pomona::cli::Signals signals;
  return pomona::cli::run_program({values + 1, values + count}, signals.token());
}
