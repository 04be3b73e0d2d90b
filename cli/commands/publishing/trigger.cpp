#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/snapshot/object_id.hpp"
#include "core/publishing/connecting/acts.hpp"
#include "core/publishing/store/upload_json.hpp"

// `trigger`: records an upload, and if asked runs or waits for it.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

publishing::UploadRequest read_request(Context& context, const Arguments& arguments) {
  publishing::UploadRequest request;
  request.ref = arguments.text("ref");
  if (const auto commit = arguments.text("commit")) {
    if (request.ref)
      throw Error(ErrorKind::usage, "--ref and --commit exclude each other",
                  "A commit needs no branch.");
    const auto parsed = snapshot::CommitId::parse(*commit);
    if (!parsed)
      throw Error(ErrorKind::usage, "invalid value of --commit: '" + *commit + "'",
                  "Give all 40 digits; `git rev-parse` prints them.");
    request.commit = parsed->hex();
  }
  request.idempotency_key = arguments.text("idempotency-key");
  request.max_attempts = static_cast<int>(context.config().queue.max_attempts);
  request.requested_by = context.who();
  request.reason = arguments.text("reason").value_or("");
  return request;
}

std::string target_text(const publishing::UploadRequest& request, const publishing::Blog& blog) {
  if (request.commit) return "commit " + *request.commit;
  if (request.ref) return "the tip of '" + *request.ref + "'";
  return blog.branch ? "the tip of '" + *blog.branch + "'" : "the tip of the default branch";
}

int run_trigger(Context& context, const Arguments& arguments) {
  const auto request = read_request(context, arguments);
  auto& connection = context.database();
  const auto blog = publishing::find_blog(connection, arguments.required("blog"));
  if (!blog.is_connected)
    throw Error(ErrorKind::conflict,
                "unable to trigger '" + blog.address() + "': its repository is not connected",
                "Connect it again with `devy-upload blog connect`.");
  if (context.is_dry_run()) {
    context.would("record an upload of " + blog.address() + ": " + target_text(request, blog));
    return exit_ok;
  }
  const auto ingested = connecting::trigger(
      connection, blog, request, {.name = context.who(), .reason = arguments.text("reason")});
  if (!ingested.is_new) context.say("this idempotency key has recorded " + ingested.id.text());

  auto upload = publishing::load_upload(connection, ingested.id);
  const auto waiting = wait_options(arguments);
  if (waiting) {
    say_recorded(context, ingested.id.text(), blog.address());
    upload = wait_or_say(
        context, [&] { return wait_for_end(context, ingested.id, *waiting); },
        [&] { return std::vector{ingested.id.text()}; });
  }
  if (context.is_json()) print_json(context.out(), upload_json(upload));
  else print_end(context, upload);
  return waiting ? exit_status_of(upload) : exit_ok;
}

}  // namespace

const Command& trigger_command() {
  static const Command command{
      .name = "trigger",
      .summary = "record an upload of a blog",
      .help =
          "The worker that runs it asks the remote for the branch's tip and publishes that. "
          "With --commit it publishes exactly that commit.\n"
          "Waiting ends with status 0 when the upload, or the one it stands back for, has "
          "completed; 3 when it ended otherwise; 8 when it still runs.",
      .examples = {"devy-upload trigger alice/blog --wait", "devy-upload trigger alice/blog --here",
                   "devy-upload trigger alice/blog --ref drafts --reason 'try the new theme'"},
      .positionals = {{.name = "blog", .help = "username/slug", .kind = ValueKind::blog}},
      .options = {{.name = "ref", .value = "R", .help = "this branch instead of the blog's"},
                  {.name = "commit", .value = "SHA", .help = "exactly this commit"},
                  wait_option(),
                  here_option(),
                  {.name = "idempotency-key",
                   .value = "K",
                   .help = "the same key records only one upload"},
                  {.name = "reason", .value = "T", .help = "kept with the upload"}},
      .run = run_trigger};
  return command;
}

}  // namespace devy::cli
