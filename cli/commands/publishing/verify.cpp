#include <exception>

#include "cli/commands/publishing/preview_json.hpp"
#include "cli/commands/publishing/repair.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/reconcile/repair.hpp"
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

// Errors of one blog: with --all the others are looked at all the same.
bool is_about_blog(const base::Error& error) {
  return !error.code().starts_with("database") && error.kind() != base::ErrorKind::stopped;
}

// A refusal is the error that the repair would end with.
void say_repair(Context& context, const publishing::Blog& blog) {
  if (const auto obstacle = reconcile::repair_obstacle(context.database(), blog))
    throw would_be_refused(*obstacle);
  if (context.is_json()) return;  // the document has the field would_repair
  context.would("repair " + blog.address() + ": publish " + *blog.head_commit + " again");
}

VerifiedBlog verify_blog(Context& context, const publishing::Blog& blog, bool wants_repair) {
  VerifiedBlog result;
  const auto look = [&](const publishing::Blog& now) {
    result.verification =
        reconcile::verify(context.database(), context.config(), now, context.stop());
  };
  look(blog);
  if (result.verification.is_ok || !wants_repair) return result;
  try {
    if (context.is_dry_run()) {
      say_repair(context, blog);
      result.would_repair = true;
      return result;
    }
    context.say("repairing " + blog.address());
    result.repair = repair(context, blog);
  } catch (const base::Error& error) {
    if (!is_about_blog(error)) throw;
    result.error = std::current_exception();
    return result;
  }
  // Another upload may have moved the blog before or after it.
  look(publishing::find_blog_by_id(context.database(), blog.id));
  return result;
}

void confirm_repairs(Context& context, const std::vector<publishing::Blog>& blogs) {
  Act act{"repair what drifted of", blogs.size(), "blog", {}};
  for (const auto& blog : blogs)
    act.examples.push_back(blog.address());
  confirm(context, act);
}

// The results of all blogs so far.
struct Results {
  Json documents = Json::array();
  std::size_t unverified = 0;
  bool is_drifted = false;
};

void verify_one(Context& context, const publishing::Blog& blog, bool wants_repair, bool is_alone,
                Results& results) {
  try {
    const auto result = verify_blog(context, blog, wants_repair);
    results.is_drifted |= !result.verification.is_ok;
    if (context.is_json()) results.documents.push(verification_json(result));
    else print_verification(context, result.verification);
    if (result.error) std::rethrow_exception(result.error);
  } catch (const base::Error& error) {
    if (is_alone || !is_about_blog(error)) throw;
    // A remote that is away, or a blog that is paused, must not keep the others from it.
    print_error(context.terminal(), error);
    ++results.unverified;
  }
}

int run_verify(Context& context, const Arguments& arguments) {
  const auto blogs = find_blogs(context, arguments);
  const bool wants_repair = arguments.has("repair");
  if (wants_repair && arguments.has("all") && !context.is_dry_run())
    confirm_repairs(context, blogs);
  Results results;
  const auto print_documents = [&] {
    if (context.is_json()) print_json(context.out(), results.documents);
  };
  for (const auto& blog : blogs) {
    context.check_stop();
    try {
      verify_one(context, blog, wants_repair, !arguments.has("all"), results);
    } catch (const base::Error&) {
      if (results.documents.size() > 0) print_documents();
      throw;
    }
  }
  print_documents();
  if (results.is_drifted) return exit_problems_found;
  if (results.unverified == 0) return exit_ok;
  return results.unverified == blogs.size() ? exit_failed : exit_partly_done;
}

}  // namespace

const Command& verify_command() {
  static const Command command{
      .name = "verify",
      .summary = "compare a blog's posts and their files with the git tree at its head",
      .help =
          "Drift ends with 10. --repair publishes the commit that a drifted blog shows once more, "
          "as an upload of its own, and looks again; it never moves a blog, and a pin stays. With "
          "--all it asks first.",
      .examples = {"devy-upload verify alice/notes", "devy-upload verify --all --repair --yes"},
      .positionals =
          {{.name = "blog", .help = "which", .kind = ValueKind::blog, .is_optional = true}},
      .options = {{.name = "all", .help = "every connected blog"},
                  {.name = "repair", .help = "publish again what drifted"}},
      .run = run_verify};
  return command;
}

}  // namespace devy::cli
