#include "daemon/web/page_nothing.hpp"

#include "core/platform/base/error.hpp"

namespace devy::daemon {

http::Response show_nothing(Visit&) {
  throw base::Error(base::ErrorKind::not_found, "unable to find a page of that address");
}

}  // namespace devy::daemon
