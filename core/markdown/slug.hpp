#pragma once
// Slugs and the other names that follow from a file's path (content.md, "Slug"). Pure; any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Unicode letters and numbers stay (NFC, lower case), runs of everything else become one '-'; '/'
// separates parts, each slugified. Never empty ("post" when nothing is left), at most 200 bytes.
//
// No slug has a '.' in it, nor a character that shows nothing: that keeps a blog's own addresses
// (feed.xml, sitemap.xml), "..", and names that look alike by what cannot be seen, out of reach of
// posts without a list of reserved words.
[[nodiscard]] std::string slugify(std::string_view text);

// What an old address of a post names in its blog, as an author writes it in `aliases`: a slug, a
// path, a whole URL; "/2019/Old%20page.html?x#y" is "2019/old-page". Whoever looks a redirect up
// passes the path that was asked for through here too. Nothing where no letter or number is.
[[nodiscard]] std::optional<std::string> slug_of_address(std::string_view address);

// From a path below the blog's root: no extension, no YYYY-MM-DD- prefix; `index` takes its
// folder's name ("index" at the top).
[[nodiscard]] std::string slug_from_path(std::string_view path_under_root);

// Made readable: "2024-01-02-my-first_post.md" → "My first post".
[[nodiscard]] std::string title_from_path(std::string_view path);

// The day of a "2024-01-02-…" file name.
[[nodiscard]] std::optional<std::chrono::sys_days> date_from_path(std::string_view path);

// Two paths with one key collide on a case-folding or normalising file system (NFC, case-folded).
[[nodiscard]] std::string collision_key(std::string_view path);

// "*.md" or "*.markdown", any case.
[[nodiscard]] bool is_markdown_path(std::string_view path);

}  // namespace devy::markdown
