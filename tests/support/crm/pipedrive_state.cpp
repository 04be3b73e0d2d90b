#include "tests/support/crm/pipedrive_state.hpp"

namespace devy::testing {

PipedriveState::PipedriveState()
    : server_("the stand-in of Pipedrive", {DEVY_PIPEDRIVE_FOLDER "/server.mjs"}) {}

void PipedriveState::control(std::string_view acts) const {
  static_cast<void>(server_.ask("POST", "/_control", std::string(acts)));
}

std::string PipedriveState::state() const {
  return server_.ask("GET", "/_state");
}

std::string PipedriveState::requests() const {
  return server_.ask("GET", "/_requests");
}

void PipedriveState::forget_requests() const {
  static_cast<void>(server_.ask("DELETE", "/_requests"));
}

}  // namespace devy::testing
