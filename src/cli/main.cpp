#include "cli/program.h"
#include "cli/signals.h"

int main(int count, char** values) {
  const pomona::cli::Signals signals;
  return pomona::cli::run_program({values + 1, values + count}, signals.token());
}
