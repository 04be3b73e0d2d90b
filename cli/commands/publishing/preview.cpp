#include <filesystem>

#include "cli/commands/publishing/file_errors.hpp"
#include "cli/commands/publishing/page_folder.hpp"
#include "cli/commands/publishing/preview_writer.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/preview/page.hpp"
#include "core/publishing/store/post_store.hpp"

// `preview`: the blog as plain static pages.

namespace devy::cli {
namespace {

std::vector<publishing::Post> shown_posts(Context& context, const publishing::Blog& blog,
                                          bool with_drafts) {
  auto posts = publishing::list_posts(context.database(), blog, with_drafts);
  std::erase_if(posts, [](const auto& post) { return !post.is_visible && !post.is_draft; });
  return posts;
}

// Without a slash at its end; for messages, which shall name one place wherever they are read.
std::string absolute_folder(const std::string& given) {
  if (given.empty())
    throw base::Error(base::ErrorKind::usage, "empty value of --out", "Name a folder.");
  std::error_code failed;
  const auto path = std::filesystem::absolute(given, failed).lexically_normal();
  if (failed)
    throw base::Error(base::ErrorKind::rejected,
                      "unable to use the current folder: " + failed.message(),
                      "Change into a folder that exists, or give --out an absolute path.");
  return (path.has_filename() ? path : path.parent_path()).string();
}

// A folder with content that is not ours is left unchanged unless the operator confirms.
void check_contents(Context& context, const std::string& folder, const FolderContents& found) {
  if (found.files == 0 || found.is_own) return;
  confirm(context, {"write into '" + base::safe_text(folder) + "' beside", found.files,
                    "other file", found.examples});
}

int run_preview(Context& context, const Arguments& arguments) {
  if (const auto given = arguments.text("out")) context.distrust(*given);
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  const auto out = absolute_folder(arguments.text("out").value_or("preview-" + blog.slug));
  const auto found = look_into(out);
  const auto posts = shown_posts(context, blog, arguments.has("drafts"));
  PreviewCounts written;
  if (context.is_dry_run()) {
    written = write_preview(context, blog, posts, nullptr);
  } else {
    check_contents(context, out, found);
    const PageFolder folder(out, found);
    written = write_preview(context, blog, posts, &folder);
  }
  if (context.is_json())
    print_json(context.out(), Json::object({{"blog", blog.address()},
                                            {"out", out},
                                            {"posts", written.posts},
                                            {"redirects", written.redirects},
                                            {"assets", written.assets}}));
  const auto counts = count_text(written.posts, "post") + ", " +
                      count_text(written.redirects, "redirect") + " and " +
                      count_text(written.assets, "asset");
  const auto index = std::filesystem::path(out) / preview::index_path;
  if (!context.is_dry_run())
    context.say("wrote " + counts + "; open " + base::safe_text(index.string()) + " in a browser");
  else if (!context.is_json()) context.would("write " + counts + " to " + out);
  return written.skipped == 0 ? exit_ok : exit_partly_done;
}

}  // namespace

const Command& preview_command() {
  static const Command command{
      .name = "preview",
      .summary = "write a blog as plain static pages, to look at",
      .help =
          "An index, the posts with their assets, old addresses, a feed and a sitemap. Posts that "
          "are "
          "not visible now are left out. What an earlier preview wrote into the folder is "
          "replaced; "
          "a folder that holds anything else needs --yes.",
      .examples = {"devy-upload preview alice/notes --out /tmp/notes"},
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .options = {{.name = "out",
                   .value = "DIR",
                   .help = "the folder to write; ./preview-<slug> when not given",
                   .kind = ValueKind::directory},
                  {.name = "drafts", .help = "drafts too, marked as such"}},
      .run = run_preview};
  return command;
}

}  // namespace devy::cli
