#include <string_view>

#include "cli/commands/publishing/post_json.hpp"
#include "cli/commands/publishing/post_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/line/word_list.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/post/word_count.hpp"

// `post show` and `post history`.

namespace devy::cli {
namespace {

constexpr std::size_t hash_shown = 8;

// A file gets the text as it is; on a terminal a line must not be able to move the cursor.
void print_text(Context& context, std::string_view text) {
  auto& out = context.out();
  if (!context.terminal().is_out_tty) {
    out << text;
    if (!text.ends_with('\n')) out << '\n';
    return;
  }
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    out << base::safe_text(line, line.size()) << '\n';
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

std::string visible_text(const publishing::Post& post, base::TimePoint now) {
  switch (visibility_of(post, now)) {
    case plan::Visibility::visible: return "yes";
    case plan::Visibility::draft: return "no, a draft";
    case plan::Visibility::scheduled: return "no, scheduled";
    case plan::Visibility::expired: return "no, expired";
  }
  return "";
}

void print_facts(Context& context, const publishing::Post& post) {
  const auto line = [&](const char* label, const std::string& text) {
    if (!text.empty()) context.out() << label << base::safe_text(text) << '\n';
  };
  line("title    ", post.title);
  line("blog     ", post.blog);
  line("slug     ", post.slug);
  line("aliases  ", joined(post.url_aliases, ", "));
  line("path     ", post.path);
  line("date     ", date_text(context, post));
  line("authors  ", joined(post.authors, ", "));
  line("tags     ", joined(post.tags, ", "));
  line("visible  ", visible_text(post, context.now()));
  line("preview  ", post.preview_token ? "token " + *post.preview_token : "");
  line("words    ", std::to_string(post.word_count) + ", " +
                        std::to_string(post::reading_minutes(post.word_count)) + " min");
  line("version  ",
       std::to_string(post.version) + ", updated " + context.time_text(post.updated_at));
  line("commit   ", post.commit);
  line("blob     ", post.blob);
  line("id       ", post.id.text());
  line("summary  ", post.summary);
}

int show_post(Context& context, const Arguments& arguments) {
  const bool wants_html = arguments.has("html"), wants_markdown = arguments.has("markdown");
  if (wants_html && wants_markdown)
    throw base::Error(base::ErrorKind::usage, "unable to print both --html and --markdown",
                      "Give one of them, or --json for everything.");
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  const auto post = publishing::find_post(context.database(), blog, arguments.required("slug"));
  if (context.is_json()) print_json(context.out(), whole_post_json(post));
  else if (wants_html) print_text(context, post.html);
  else if (wants_markdown) print_text(context, post.markdown);
  else print_facts(context, post);
  return exit_ok;
}

int history_post(Context& context, const Arguments& arguments) {
  const auto blog = publishing::find_blog(context.database(), arguments.required("blog"));
  const auto slug = arguments.required("slug");
  const auto revisions = publishing::list_revisions(context.database(), blog, slug);
  if (revisions.empty())
    throw base::Error(base::ErrorKind::not_found,
                      "unable to find post '" + slug + "' in blog '" + blog.address() + "'",
                      "List them with `devy-upload posts " + blog.address() + " --drafts`.");
  if (context.is_json()) {
    print_json(context.out(), json_array(revisions, revision_json));
    return exit_ok;
  }
  Table table({{.title = "VERSION", .align = Align::right},
               {"CHANGE"},
               {"WHEN"},
               {"COMMIT"},
               {"UPLOAD"},
               {.title = "PATH", .is_elastic = true},
               {.title = "TITLE", .is_elastic = true}});
  for (const auto& revision : revisions)
    table.add({std::to_string(revision.version), revision.change, context.time_text(revision.at),
               revision.commit.substr(0, hash_shown),
               revision.upload ? revision.upload->text().substr(0, hash_shown) : "-", revision.path,
               revision.title});
  table.print(context.terminal());
  return exit_ok;
}

}  // namespace

const Command& post_show_command() {
  static const Command command{
      .name = "post show",
      .summary = "show a post, its HTML or its Markdown",
      .help = "An old slug that redirects finds the post, too.",
      .examples = {"devy-upload post show alice/notes hello",
                   "devy-upload post show alice/notes hello --html > hello.html"},
      .positionals = {{.name = "blog", .help = "whose", .kind = ValueKind::blog},
                      {.name = "slug", .help = "which", .kind = ValueKind::post}},
      .options = {{.name = "html", .help = "print the rendered HTML and nothing else"},
                  {.name = "markdown", .help = "print the Markdown and nothing else"}},
      .run = show_post};
  return command;
}

const Command& post_history_command() {
  static const Command command{
      .name = "post history",
      .summary = "list a post's versions, newest first; of a deleted one too",
      .positionals = {{.name = "blog", .help = "whose", .kind = ValueKind::blog},
                      {.name = "slug", .help = "which", .kind = ValueKind::post}},
      .run = history_post};
  return command;
}

}  // namespace devy::cli
