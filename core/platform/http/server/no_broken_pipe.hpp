#pragma once
// Blocks SIGPIPE in the thread that holds it, and swallows the one that came meanwhile: OpenSSL
// writes to sockets without MSG_NOSIGNAL, so a client that hangs up would end the process. Belongs
// to its thread.

#include <signal.h>

#include <ctime>

namespace devy::server {

class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() {
    const timespec at_once{0, 0};
    sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{}, before_{};
};

}  // namespace devy::server
