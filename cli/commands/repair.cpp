#include "cli/commands/repair.hpp"

#include "cli/progress.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/service.hpp"

namespace devy::cli {

using base::Error;
using base::ErrorKind;

void repair(Context& context, const store::Blog& blog) {
  const auto id = upload::record_repair(context.database(), context.config(), blog, context.who());
  {
    ProgressLine progress(context);
    upload::RunHere options;
    options.only = id;
    upload::run_here(
        context.conninfo(), context.config(), options,
        [&](const upload::Progress& at) { progress.show(at); }, context.stop());
  }
  context.check_stop();
  const auto upload = store::load_upload(context.database(), id);
  if (upload.state == queue::State::completed) return;
  const auto cause = upload.error_text.value_or(std::string(queue::to_string(upload.state)));
  throw Error(
      ErrorKind::conflict, "unable to repair '" + blog.address() + "': " + cause,
      upload.error_hint.value_or("Look at it with `devy-upload inspect " + id.text() + "`."),
      upload.error_code.value_or(""));
}

}  // namespace devy::cli
