#pragma once
// A real nginx with the site that the daemon ships, for tests: on a loopback port of its own,
// without TLS, before a Unix socket. Started by the constructor, killed by the destructor; its
// files are in a folder of its own. Throws std::runtime_error. One thread.

#include <sys/types.h>

#include <string>

#include "tests/support/temp_folder.hpp"

namespace devy::testing {

class Nginx {
 public:
  // `upstream_socket` is the path of the daemon's socket; `address` a free one, "127.0.0.1:8080";
  // `objects` the folder of contents that nginx sends itself, with a slash at its end.
  Nginx(const std::string& upstream_socket, std::string address,
        const std::string& objects = "/nothing/");
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  ~Nginx();

  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  void wait_until_it_listens() const;

  const std::string address_;
  TempFolder folder_;
  pid_t pid_ = -1;
};

}  // namespace devy::testing
