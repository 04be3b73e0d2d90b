#include <algorithm>

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
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

void require_connected(const publishing::Blog& blog) {
  if (blog.is_connected) return;
  throw Error(ErrorKind::conflict,
              "unable to trigger '" + blog.address() + "': its repository is not connected",
              "Connect it again with `devy-upload blog connect`.");
}

base::UploadId record_one(Context& context, const Arguments& arguments,
                          const publishing::Blog& blog, const publishing::UploadRequest& request) {
  const auto ingested =
      connecting::trigger(context.database(), blog, request,
                          {.name = context.who(), .reason = arguments.text("reason")});
  if (!ingested.is_new) context.say("this idempotency key has recorded " + ingested.id.text());
  return ingested.id;
}

std::vector<publishing::Blog> read_blogs(Context& context, const Arguments& arguments) {
  const auto names = arguments.all("blog");
  if (names.empty() != arguments.has("all"))
    throw Error(ErrorKind::usage,
                names.empty() ? "missing argument: <blog>, or --all"
                              : "unable to combine --all with names of blogs",
                "Name blogs, or say --all.");
  auto& connection = context.database();
  if (names.empty()) {
    auto blogs = publishing::list_blogs(connection);
    std::erase_if(blogs, [](const auto& blog) { return !blog.is_connected; });
    return blogs;
  }
  std::vector<publishing::Blog> blogs;
  for (const auto& name : names) {
    auto blog = publishing::find_blog(connection, name);
    const bool is_known =
        std::ranges::any_of(blogs, [&](const auto& known) { return known.id == blog.id; });
    if (!is_known) blogs.push_back(std::move(blog));
  }
  return blogs;
}

// Those that cannot be triggered are named, and leave the others.
std::vector<base::UploadId> record_all(Context& context, const Arguments& arguments,
                                       const std::vector<publishing::Blog>& blogs,
                                       const publishing::UploadRequest& request) {
  std::vector<base::UploadId> ids;
  for (const auto& blog : blogs) {
    context.check_stop();
    try {
      require_connected(blog);
      ids.push_back(record_one(context, arguments, blog, request));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::conflict) throw;
      print_error(context.terminal(), error);
    }
  }
  return ids;
}

int trigger_many(Context& context, const Arguments& arguments,
                 const std::vector<publishing::Blog>& blogs,
                 const publishing::UploadRequest& request) {
  if (request.commit)
    throw Error(ErrorKind::usage, "unable to publish one commit in several blogs",
                "Name one blog with --commit.");
  if (arguments.has("all") && !blogs.empty()) {
    Act act{"trigger", blogs.size(), "blog", {}};
    for (const auto& blog : blogs)
      act.examples.push_back(blog.address());
    confirm(context, act);
  }
  const auto ids = record_all(context, arguments, blogs, request);
  const auto waiting = wait_options(arguments);
  auto documents = Json::array();
  int status = ids.size() == blogs.size() ? exit_ok : exit_partly_done;
  for (const auto& id : ids) {
    const auto upload = waiting ? wait_for_end(context, id, *waiting)
                                : publishing::load_upload(context.database(), id);
    if (context.is_json()) documents.push(upload_json(upload));
    else print_end(context, upload);
    const auto own = waiting ? exit_status_of(upload) : exit_ok;
    if (own != exit_ok && status != exit_partly_done) status = own;
  }
  if (context.is_json()) print_json(context.out(), documents);
  else if (blogs.empty()) context.say("no blog is connected");
  return status;
}

int run_trigger(Context& context, const Arguments& arguments) {
  const auto request = read_request(context, arguments);
  const auto blogs = read_blogs(context, arguments);
  if (context.is_dry_run()) {
    for (const auto& blog : blogs) {
      require_connected(blog);
      context.would("record an upload of " + blog.address() + ": " + target_text(request, blog));
    }
    return exit_ok;
  }
  if (arguments.has("all") || blogs.size() > 1)
    return trigger_many(context, arguments, blogs, request);
  require_connected(blogs.front());
  const auto id = record_one(context, arguments, blogs.front(), request);
  const auto waiting = wait_options(arguments);
  if (waiting) say_recorded(context, id.text(), blogs.front().address());
  const auto upload = waiting ? wait_or_say(
                                    context, [&] { return wait_for_end(context, id, *waiting); },
                                    [&] { return std::vector{id.text()}; })
                              : publishing::load_upload(context.database(), id);
  if (context.is_json()) print_json(context.out(), upload_json(upload));
  else print_end(context, upload);
  return waiting ? exit_status_of(upload) : exit_ok;
}

}  // namespace

const Command& trigger_command() {
  static const Command command{
      .name = "trigger",
      .summary = "record uploads of blogs",
      .help =
          "The worker that runs it asks the remote for the branch's tip and publishes that. "
          "With --commit it publishes exactly that commit.\n"
          "Waiting ends with status 0 when the upload, or the one it stands back for, has "
          "completed; 3 when it ended otherwise; 8 when it still runs.\n"
          "Of several blogs, or --all that are connected, each gets an upload of its own; --all "
          "asks "
          "first.",
      .examples = {"devy-upload trigger alice/blog --wait", "devy-upload trigger alice/blog --here",
                   "devy-upload trigger --all --yes",
                   "devy-upload trigger alice/blog --ref drafts --reason 'try the new theme'"},
      .positionals = {{.name = "blog",
                       .help = "username/slug",
                       .kind = ValueKind::blog,
                       .is_optional = true,
                       .is_repeatable = true}},
      .options = {{.name = "all", .help = "all blogs that are connected"},
                  {.name = "ref", .value = "R", .help = "this branch instead of the blog's"},
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
