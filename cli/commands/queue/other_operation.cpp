#include "cli/commands/queue/other_operation.hpp"

#include "cli/terminal/json_output.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/web/bulk_store.hpp"
#include "core/systems.hpp"

namespace devy::cli {

namespace {

// Uploads have commands' own texts and documents.
constexpr std::string_view uploads = "upload";

// How far an act on many is, and why some were left as they are.
void print_reached(Context& context, const std::string& id) {
  const auto bulk = web::find_bulk(context.database(), id);
  if (!bulk) return;
  context.out() << "  " << bulk->reached() << " of " << bulk->count << " reached, " << bulk->done
                << " done";
  if (const auto why = web::not_done_text(*bulk); !why.empty()) context.out() << ", " << why;
  context.out() << '\n';
}

}  // namespace

std::optional<queue::OperationRow> other_operation(Context& context, const Arguments& arguments) {
  const auto names = arguments.all("id");
  if (names.size() != 1) return std::nullopt;
  auto found = queue::find_operation(context.database(), names.front());
  if (!found || found->kind == uploads) return std::nullopt;
  return found;
}

base::OperationId id_of(const queue::OperationRow& operation) {
  return base::OperationId::trusted(operation.id);
}

queue::State state_of(const queue::OperationRow& operation) {
  return queue::parse_state(operation.state).value();
}

void print_other(Context& context, const queue::OperationRow& operation, const std::string& done) {
  const auto now = queue::find_operation(context.database(), operation.id).value();
  const auto subjects = systems::subjects(context.database(), {now.id});
  const auto subject = subjects.find(now.id);
  const std::string about = subject == subjects.end() ? now.owner : subject->second;
  const auto pause = queue::pause_of(context.database(), id_of(now));
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"id", now.id},
                                            {"kind", now.kind},
                                            {"subject", about},
                                            {"state", now.state},
                                            {"step", now.step},
                                            {"lane", now.lane},
                                            {"direction", now.direction},
                                            {"source", now.source},
                                            {"owner", now.owner},
                                            {"attempt", now.attempt},
                                            {"max_attempts", now.max_attempts},
                                            {"created_at", now.created_at},
                                            {"finished_at", now.finished_at},
                                            {"error_code", now.error_code},
                                            {"error", now.error_text},
                                            {"pause", queue::pause_json(pause)}}));
    return;
  }
  auto& out = context.out();
  out << now.id << ' ' << now.kind << ' ' << base::safe_text(about) << ": "
      << (done.empty() ? now.state : done) << '\n';
  if (pause) out << "  held back: " << base::safe_text(queue::pause_text(*pause)) << '\n';
  if (now.kind == web::bulk_kind && done.empty()) print_reached(context, now.id);
  if (now.error_text && done.empty())
    out << "  " << now.error_code.value_or("") << ": " << base::safe_text(*now.error_text) << '\n';
}

}  // namespace devy::cli
