#include "daemon/exit_status.hpp"

namespace devy::daemon {

int exit_status(const base::Error& error) {
  using base::ErrorKind;
  switch (error.kind()) {
    case ErrorKind::usage:
    case ErrorKind::config:
    case ErrorKind::not_found: return exit_configuration;
    case ErrorKind::denied: return exit_no_permission;
    case ErrorKind::busy: return exit_temporary;
    case ErrorKind::unavailable:
      return error.code() == "address_in_use" ? exit_temporary : exit_unavailable;
    case ErrorKind::stopped: return exit_ok;
    case ErrorKind::conflict:
    case ErrorKind::rejected:
    case ErrorKind::internal: return exit_bug;
  }
  return exit_bug;
}

}  // namespace devy::daemon
