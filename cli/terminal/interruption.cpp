#include "cli/terminal/interruption.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "cli/exit_codes.hpp"
#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace {

// A signal handler can reach nothing but globals, and may do little more than write(2): a thread
// at the pipe's other end asks for the stop.
std::atomic<int> writer{-1};
std::atomic<int> signals_seen{0};
constexpr char signal_byte = 's', end_byte = 'e';

void on_signal(int) {
  if (signals_seen.fetch_add(1) > 0) ::_exit(exit_interrupted);
  const int saved = errno;
  if (::write(writer.load(), &signal_byte, 1) < 0) {
  }
  errno = saved;
}

void install(int number) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  // Restarting keeps EINTR out of every library; waits look at the token instead.
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

}  // namespace

Interruption::Interruption() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw base::Error(base::ErrorKind::internal, "unable to make a pipe for signals");
  reader_ = ends[0];
  writer = ends[1];
  waiter_ = std::thread([this] {
    char byte = '\0';
    while (::read(reader_, &byte, 1) == 1 && byte != end_byte)
      stop_.request_stop();
  });
  std::signal(SIGPIPE, SIG_IGN);
  install(SIGINT);
  install(SIGTERM);
}

Interruption::~Interruption() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  if (::write(writer.load(), &end_byte, 1) == 1) waiter_.join();
  else waiter_.detach();
  ::close(writer.exchange(-1));
  ::close(reader_);
}

}  // namespace devy::cli
