#include <array>

#include "daemon/web/page.hpp"
#include "daemon/web/page_login.hpp"
#include "tests/sixth/page_greeting.hpp"

// A table of pages that has one more, and of the others those that a login wants.

namespace devy::daemon {

std::span<const Page> page_table() {
  static const std::array pages{
      Page{"GET", "/login", Right::anyone, show_login},
      Page{"GET", "/login/link/*", Right::anyone, log_in_by_link},
      Page{"GET", "/greetings", Right::user, show_greetings},
  };
  return pages;
}

}  // namespace devy::daemon
