#pragma once
// A link of a post to another file of its repository. Values; any thread.

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>

namespace devy::markdown {

// A place in a document's HTML for the URL of another file of the repository: the value of a link's
// or an image's attribute, which stays empty until the publish knows the URL. Only a resource keeps
// its fragment in the HTML; a page's depends on where the link leads.
struct FileLink {
  // Page: <a href>; resource: what a page loads, <img src> ….
  enum class Use : std::uint8_t { page, resource };

  std::uint32_t offset = 0;  // in the HTML, ascending
  Use use = Use::page;
  std::string target;  // a normalised path of the repository; empty: it would lie outside
  std::uint32_t line = 0, column = 0;  // in the file, as in snapshot::FileError
  std::string fragment = {};           // of a page: as written behind the '#'
  bool is_rooted = false;  // written with a leading '/', which may mean an address of the blog
  bool operator==(const FileLink&) const = default;
};

// Lists its fields for a message to another process (process/message.hpp).
template <class Message, class Link>
requires(std::same_as<std::remove_const_t<Link>, FileLink>) void fields(Message& message,
                                                                        Link& link) {
  bool is_resource = link.use == FileLink::Use::resource;
  message(link.offset, is_resource, link.target, link.line, link.column, link.fragment,
          link.is_rooted);
  if constexpr (!std::is_const_v<Link>)
    link.use = is_resource ? FileLink::Use::resource : FileLink::Use::page;
}

}  // namespace devy::markdown
