#include "cli/commands/publishing/preview_json.hpp"
#include "cli/commands/publishing/repair.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/store/blog_store.hpp"

// `verify`: are the posts, and the files they show or link, the tree at the blog's head? With
// --repair, make them.

namespace devy::cli {
namespace {

std::vector<publishing::Blog> find_blogs(Context& context, const Arguments& arguments) {
  if (arguments.has("all") == arguments.has("blog"))
    throw base::Error(base::ErrorKind::usage, "unable to tell what to verify",
                      "Name a blog, or say --all.");
  if (arguments.has("all")) return publishing::list_blogs(context.database());
  return {publishing::find_blog(context.database(), arguments.required("blog"))};
}

void print_verification(Context& context, const reconcile::Verification& verification) {
  const bool is_colored = context.terminal().is_out_colored;
  auto& out = context.out();
  out << verification.blog << ' '
      << (verification.is_ok ? paint("ok", Color::green, is_colored)
                             : paint("drifted", Color::red, is_colored))
      << ' ' << verification.commit.value_or("nothing published yet") << '\n';
  const auto list = [&](const char* word, const std::vector<std::string>& paths) {
    for (const auto& path : paths)
      out << "  " << word << ' ' << base::safe_text(path, 4'096) << '\n';
  };
  list("missing  ", verification.missing);
  list("extra    ", verification.extra);
  list("different", verification.different);
}

reconcile::Verification verify_blog(Context& context, const publishing::Blog& blog,
                                    bool wants_repair) {
  auto verification = reconcile::verify(context.database(), context.config(), blog, context.stop());
  if (verification.is_ok || !wants_repair) return verification;
  if (context.is_dry_run()) {
    context.say("would repair " + blog.address());
    return verification;
  }
  context.say("repairing " + blog.address());
  repair(context, blog);
  const auto repaired = publishing::find_blog_by_id(context.database(), blog.id);
  return reconcile::verify(context.database(), context.config(), repaired, context.stop());
}

int run_verify(Context& context, const Arguments& arguments) {
  const auto blogs = find_blogs(context, arguments);
  const bool wants_repair = arguments.has("repair");
  if (wants_repair && arguments.has("all") && !context.is_dry_run()) {
    Act act{"repair what drifted of", blogs.size(), "blog", {}};
    for (const auto& blog : blogs)
      act.examples.push_back(blog.address());
    confirm(context, act);
  }
  auto documents = Json::array();
  std::size_t unverified = 0;
  bool is_drifted = false;
  for (const auto& blog : blogs) {
    context.check_stop();
    try {
      const auto verification = verify_blog(context, blog, wants_repair);
      is_drifted |= !verification.is_ok;
      if (context.is_json()) documents.push(verification_json(verification));
      else print_verification(context, verification);
    } catch (const base::Error& error) {
      const bool is_about_database = error.code().starts_with("database");
      if (blogs.size() == 1 || is_about_database || error.kind() == base::ErrorKind::stopped) throw;
      // A remote that is away must not keep the others from being looked at.
      print_error(context.terminal(), error);
      ++unverified;
    }
  }
  if (context.is_json()) print_json(context.out(), documents);
  if (is_drifted) return exit_problems_found;
  if (unverified == 0) return exit_ok;
  return unverified == blogs.size() ? exit_failed : exit_partly_done;
}

}  // namespace

const Command& verify_command() {
  static const Command command{
      .name = "verify",
      .summary = "compare a blog's posts and their files with the git tree at its head",
      .help =
          "Drift ends with 10. --repair publishes a drifted blog again from the start and looks "
          "again; with --all it asks first.",
      .examples = {"devy-upload verify alice/notes", "devy-upload verify --all --repair --yes"},
      .positionals =
          {{.name = "blog", .help = "which", .kind = ValueKind::blog, .is_optional = true}},
      .options = {{.name = "all", .help = "every connected blog"},
                  {.name = "repair", .help = "publish again what drifted"}},
      .run = run_verify};
  return command;
}

}  // namespace devy::cli
