#include "core/gists/outbox/crm_handler.hpp"

#include "core/gists/outbox/crm_run.hpp"
#include "core/platform/http/httplib_transport.hpp"

namespace devy::outbox {

std::unique_ptr<http::Transport> make_crm_transport(const config::Config& config) {
  http::TransportOptions options;
  options.ca_file = config.git.ca_file;
  options.connect_timeout = config.crm.patience;
  options.read_timeout = config.crm.patience;
  options.answer_timeout = config.crm.patience;
  return http::make_httplib_transport(options);
}

gists::CrmSettings crm_settings(const config::Crm& settings) {
  return {crm::company_of(settings), settings.mode, settings.on_edit, settings.on_delete};
}

CrmHandler::CrmHandler(const queue::HandlerContext& context,
                       std::unique_ptr<http::Transport> transport)
    : context_(context),
      access_(crm::open_access(context.config.crm)),
      pauses_(pause_names(context.config.crm.company, crm::fingerprint(access_))),
      transport_(transport ? std::move(transport) : make_crm_transport(context.config)),
      pace_(context.config.crm.requests_per_2s) {}

std::optional<queue::AttemptResult> CrmHandler::run(queue::Attempt& attempt) {
  // An operation of a company that the configuration names no more has nothing to do.
  if (gists::crm_key(attempt.connection, attempt.lease.resource) != pauses_.company)
    return queue::AttemptResult{};
  crm::Client client(*transport_, access_);
  CrmRun run({attempt, context_, client, pace_, pauses_});
  return run.go();
}

queue::Kind operation_kind() {
  queue::Kind kind;
  kind.name = gists::crm_kind;
  kind.lane = "crm";
  kind.direction = queue::Direction::outbound;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<CrmHandler>(context);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return !crm::company_of(config.crm).empty(); };
  kind.records = {"crm_operations", "records of messages to the CRM"};
  return kind;
}

}  // namespace devy::outbox
