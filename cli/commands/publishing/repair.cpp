#include "cli/commands/publishing/repair.hpp"

#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/exit_codes.hpp"
#include "core/publishing/reconcile/repair.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

// For as long an upload that runs already may keep a repair from beginning.
constexpr std::chrono::minutes repair_wait_max{10};

[[noreturn]] void throw_not_begun(const publishing::Blog& blog, const publishing::Upload& upload) {
  throw CommandError(
      exit_timed_out, ErrorKind::busy,
      "unable to repair '" + blog.address() +
          "' yet: " + upload.error_text.value_or("another upload of it runs"),
      "The repair stays recorded: see `devy-upload watch " + upload.id.text() + "`, or cancel it.");
}

}  // namespace

base::UploadId repair(Context& context, const publishing::Blog& blog) {
  const auto id =
      reconcile::record_repair(context.database(), context.config(), blog, context.who());
  const auto upload =
      wait_for_end(context, id, {.timeout = base::Duration(repair_wait_max), .is_run_here = true});
  if (upload.state == queue::State::completed) return upload.id;
  if (!is_over(upload)) throw_not_begun(blog, upload);
  const auto cause = upload.error_text.value_or(std::string(queue::to_string(upload.state)));
  throw Error(
      ErrorKind::conflict, "unable to repair '" + blog.address() + "': " + cause,
      upload.error_hint.value_or("Look at it with `devy-upload inspect " + upload.id.text() + "`."),
      upload.error_code.value_or(""));
}

}  // namespace devy::cli
