#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/commands/blog_json.hpp"
#include "cli/commands/file_errors.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/table.hpp"
#include "core/base/safe_text.hpp"
#include "core/base/secret.hpp"
#include "core/repository/url_policy.hpp"
#include "core/store/upkeep_store.hpp"
#include "core/store/upload_store.hpp"

// `blog list` and `blog show`.

namespace devy::cli {
namespace {

constexpr std::size_t commit_shown = 8;

Color color_of(const std::string& state) {
  if (state == "completed") return Color::green;
  if (state == "failed" || state == "held") return Color::red;
  return Color::none;
}

int list(Context& context, const Arguments& arguments) {
  const auto blogs = store::list_blogs(context.database(), arguments.has("all"));
  if (context.is_json()) {
    print_json(context.out(), json_array(blogs, blog_json));
    return exit_ok;
  }
  Table table({{"BLOG"},
               {.title = "REPOSITORY", .is_elastic = true},
               {.title = "POSTS", .align = Align::right},
               {"HEAD"},
               {"PUBLISHED"},
               {"LAST UPLOAD"}});
  for (const auto& blog : blogs) {
    const auto state = !blog.is_connected   ? "disconnected"
                       : blog.frozen_reason ? "frozen"
                                            : blog.last_upload_state.value_or("-");
    table.add({blog.address(), repository::display_name(blog.repository_url),
               std::to_string(blog.posts),
               blog.head_commit ? blog.head_commit->substr(0, commit_shown) : "-",
               context.time_text(blog.head_at), Cell(state, color_of(state))});
  }
  if (table.empty()) context.say("no blogs; connect one with `devy-upload blog connect`");
  else table.print(context.terminal());
  return exit_ok;
}

void print_blog(Context& context, const store::Blog& blog) {
  auto& out = context.out();
  const auto line = [&](const char* label, const std::string& text) {
    out << label << base::safe_text(text) << '\n';
  };
  line("blog         ", blog.address() + (blog.is_connected ? "" : " (disconnected)"));
  line("id           ", blog.id.text());
  if (blog.name) line("name         ", *blog.name);
  if (blog.description) line("description  ", *blog.description);
  line("repository   ", blog.repository_url);
  line("branch       ", blog.branch           ? *blog.branch
                        : blog.default_branch ? *blog.default_branch + " (the default branch)"
                                              : "the default branch");
  line("head         ", blog.head_commit.value_or("nothing published yet"));
  if (blog.head_at) line("published    ", context.time_text(blog.head_at));
  if (blog.pinned_commit) line("pinned       ", *blog.pinned_commit + ", until the next push");
  if (blog.frozen_reason) line("frozen       ", *blog.frozen_reason + "; posts stay");
  line("posts        ", std::to_string(blog.posts));
  if (blog.last_upload)
    line("last upload  ", blog.last_upload->text() + " " + blog.last_upload_state.value_or(""));
}

// How it stands with the remote; base::redact, since its errors quote addresses.
void print_upkeep(Context& context, const store::Upkeep& upkeep) {
  auto& out = context.out();
  if (upkeep.reconciled_at)
    out << "reconciled   " << context.time_text(upkeep.reconciled_at) << '\n';
  if (upkeep.error)
    out << "unreachable  " << upkeep.failures
        << " times in a row: " << base::safe_text(base::redact(*upkeep.error)) << '\n';
  if (upkeep.verified_at)
    out << "verified     " << context.time_text(upkeep.verified_at)
        << (upkeep.drift == 0 ? "" : ", drifted: see `devy-upload verify`") << '\n';
}

Json upkeep_json(const store::Upkeep& upkeep) {
  return Json::object({{"reconciled_at", upkeep.reconciled_at},
                       {"reconcile_at", upkeep.reconcile_at},
                       {"failures", upkeep.failures},
                       {"gone_since", upkeep.gone_since},
                       {"error", upkeep.error},
                       {"verified_at", upkeep.verified_at},
                       {"drift", upkeep.drift}});
}

int show(Context& context, const Arguments& arguments) {
  const auto blog = store::find_blog(context.database(), arguments.required("blog"));
  const auto errors = store::list_file_errors(context.database(), blog.id);
  const auto upkeep = store::load_upkeep(context.database(), blog.id);
  if (context.is_json()) {
    auto document = blog_json(blog);
    document.set("files_in_error", json_array(errors, file_error_json));
    document.set("upkeep", upkeep_json(upkeep));
    print_json(context.out(), document);
    return exit_ok;
  }
  print_blog(context, blog);
  print_upkeep(context, upkeep);
  if (!errors.empty()) context.out() << "file errors  " << errors.size() << '\n';
  for (const auto& error : errors)
    context.out() << "  " << file_error_line(error) << '\n';
  return exit_ok;
}

}  // namespace

const Command& blog_list_command() {
  static const Command command{.name = "blog list",
                               .summary = "list the blogs",
                               .options = {{.name = "all", .help = "disconnected ones too"}},
                               .run = list};
  return command;
}

const Command& blog_show_command() {
  static const Command command{
      .name = "blog show",
      .summary = "show a blog: repository, branch, head, files in error",
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .run = show};
  return command;
}

}  // namespace devy::cli
