#include "cli/commands/publishing/repair.hpp"
#include "core/systems_run.hpp"

#include "cli/terminal/progress.hpp"
#include "core/publishing/reconcile/repair.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::cli {

using base::Error;
using base::ErrorKind;

void repair(Context& context, const publishing::Blog& blog) {
  const auto id =
      reconcile::record_repair(context.database(), context.config(), blog, context.who());
  {
    ProgressLine progress(context);
    systems::RunHere options;
    options.only = id;
    systems::run_here(
        context.conninfo(), context.config(), options,
        [&](const queue::Progress& at) { progress.show(at); }, context.stop());
  }
  context.check_stop();
  const auto upload = publishing::load_upload(context.database(), id);
  if (upload.state == queue::State::completed) return;
  const auto cause = upload.error_text.value_or(std::string(queue::to_string(upload.state)));
  throw Error(
      ErrorKind::conflict, "unable to repair '" + blog.address() + "': " + cause,
      upload.error_hint.value_or("Look at it with `devy-upload inspect " + id.text() + "`."),
      upload.error_code.value_or(""));
}

}  // namespace devy::cli
