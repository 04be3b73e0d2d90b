#include <filesystem>
#include <set>

#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/commands/file_errors.hpp"
#include "cli/commands/page_folder.hpp"
#include "cli/confirm.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/json_output.hpp"
#include "core/base/safe_text.hpp"
#include "core/preview/page.hpp"
#include "core/store/post_store.hpp"

// `preview`: the blog as plain static pages.

namespace devy::cli {
namespace {

struct Written {
  std::size_t posts = 0, redirects = 0, skipped = 0;
};

// A page without a place is left out with a warning; the others are worth looking at.
std::optional<std::string> place_of(Context& context, const std::string& slug, Written& written) {
  auto path = preview::page_path(slug);
  if (path) return path;
  ++written.skipped;
  context.say("warning: '" + base::safe_text(slug) + "' is no name for a page, left out");
  return path;
}

preview::Entry entry_of(const store::Post& post) {
  return {post.slug, post.title, post.summary, post.tags, post.published_at, post.is_draft};
}

preview::Site site_of(const store::Blog& blog) {
  return {blog.name.value_or(blog.slug), blog.description.value_or("")};
}

// The post with its text; nothing when an upload took it away since it was listed.
std::optional<store::Post> read_post(Context& context, const store::Blog& blog,
                                     const store::Post& listed) {
  try {
    auto post = store::find_post(context.database(), blog, listed.slug);
    return post.id == listed.id ? std::optional(std::move(post)) : std::nullopt;
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::not_found) throw;
    return std::nullopt;
  }
}

std::vector<store::Post> shown_posts(Context& context, const store::Blog& blog, bool with_drafts) {
  auto posts = store::list_posts(context.database(), blog, with_drafts);
  std::erase_if(posts, [](const auto& post) { return !post.is_visible && !post.is_draft; });
  return posts;
}

// Without a folder: only counts. One post's text is in memory at a time.
Written write_pages(Context& context, const store::Blog& blog,
                    const std::vector<store::Post>& posts, const PageFolder* folder) {
  Written written;
  const auto site = site_of(blog);
  std::set<std::string, std::less<>> slugs;
  for (const auto& post : posts)
    slugs.insert(post.slug);
  std::vector<preview::Entry> entries;
  for (const auto& listed : posts) {
    context.check_stop();
    const auto path = place_of(context, listed.slug, written);
    if (!path) continue;
    const auto post = read_post(context, blog, listed);
    if (!post) continue;
    const auto& entry = entries.emplace_back(entry_of(*post));
    if (folder != nullptr) folder->write(*path, preview::post_page(site, entry, post->html));
    for (const auto& alias : post->url_aliases) {
      if (slugs.contains(alias)) continue;  // a real page beats a redirect
      const auto alias_path = place_of(context, alias, written);
      if (!alias_path) continue;
      if (folder != nullptr) folder->write(*alias_path, preview::redirect_page(alias, entry));
      ++written.redirects;
    }
  }
  if (folder != nullptr) folder->write(preview::index_path, preview::index_page(site, entries));
  written.posts = entries.size();
  return written;
}

// Without a slash at its end; for messages, which shall name one place wherever they are read.
std::string absolute_folder(const std::string& given) {
  if (given.empty())
    throw base::Error(base::ErrorKind::usage, "empty value of --out", "Name a folder.");
  const auto path = std::filesystem::absolute(given).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();
}

// A folder that somebody else filled is left alone without a word from the operator.
void check_contents(Context& context, const std::string& folder, const FolderContents& found) {
  if (found.files == 0 || found.is_own) return;
  confirm(context, {"write into '" + base::safe_text(folder) + "' beside", found.files,
                    "other file", found.examples});
}

int run(Context& context, const Arguments& arguments) {
  const auto blog = store::find_blog(context.database(), arguments.required("blog"));
  const auto out = absolute_folder(arguments.text("out").value_or("preview-" + blog.slug));
  const auto found = look_into(out);
  const auto posts = shown_posts(context, blog, arguments.has("drafts"));
  Written written;
  if (context.is_dry_run()) {
    written = write_pages(context, blog, posts, nullptr);
  } else {
    check_contents(context, out, found);
    const PageFolder folder(out, found);
    written = write_pages(context, blog, posts, &folder);
  }
  if (context.is_json())
    print_json(context.out(), Json::object({{"blog", blog.address()},
                                            {"out", out},
                                            {"posts", written.posts},
                                            {"redirects", written.redirects}}));
  const auto counts =
      count_text(written.posts, "post") + " and " + count_text(written.redirects, "redirect");
  const auto index = std::filesystem::path(out) / preview::index_path;
  context.say(context.is_dry_run() ? "would write " + counts + " to " + base::safe_text(out)
                                   : "wrote " + counts + "; open " +
                                         base::safe_text(index.string()) + " in a browser");
  return written.skipped == 0 ? exit_ok : exit_partly_done;
}

}  // namespace

const Command& preview_command() {
  static const Command command{
      .name = "preview",
      .summary = "write a blog as plain static pages, to look at",
      .help =
          "Posts that are not visible now are left out. What an earlier preview wrote into the "
          "folder is replaced; a folder that holds anything else needs --yes.",
      .examples = {"devy-upload preview alice/notes --out /tmp/notes"},
      .positionals = {{.name = "blog", .help = "which", .kind = ValueKind::blog}},
      .options = {{.name = "out",
                   .value = "DIR",
                   .help = "the folder to write; ./preview-<slug> when not given",
                   .kind = ValueKind::directory},
                  {.name = "drafts", .help = "drafts too, marked as such"}},
      .run = run};
  return command;
}

}  // namespace devy::cli
