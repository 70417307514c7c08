#include "cli/signals.h"

#include <atomic>
#include <thread>

#include <semaphore.h>
#include <unistd.h>

namespace pomona::cli {
namespace {

std::atomic<int> received = 0;
sem_t arrived;

// Only what may be done in a signal handler: an atomic, sem_post, _exit.
void on_signal(int number) {
  if (received.exchange(number) != 0) ::_exit(128 + number);
  sem_post(&arrived);
}

}  // namespace

Signals::Signals() {
  sem_init(&arrived, 0, 0);
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // Asking for a stop takes locks, which a handler must not: a thread waits to do it. Detached: it waits for
  // as long as the program runs, and holds only the stop source.
  std::thread([source = source_]() mutable {
    while (sem_wait(&arrived) != 0) {
    }
    source.request_stop();
  }).detach();
}

int Signals::exit_status() { return 128 + (received != 0 ? received.load() : SIGINT); }

}  // namespace pomona::cli
