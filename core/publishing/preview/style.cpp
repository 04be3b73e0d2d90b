#include "core/publishing/preview/style.hpp"

namespace devy::preview {

const std::string_view style = R"html(<style>
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --quiet: #59636e; --line: #d1d9e0;
  --shade: #f3f5f7; --link: #0a58ca; --note: #0969da; --tip: #1a7f37; --important: #8250df;
  --warning: #9a6700; --caution: #cf222e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --paper: #14171a; --quiet: #9aa4ae; --line: #3a4149; --shade: #20252a;
    --link: #79b0ff; --note: #79b0ff; --tip: #57c26b; --important: #b894ff; --warning: #d9a441;
    --caution: #ff7b72; }
}
* { box-sizing: border-box; }
body { max-width: 42rem; margin: 2rem auto 4rem; padding: 0 1rem; overflow-wrap: break-word;
  font: 1.05rem/1.65 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.8em 0 .6em; text-wrap: balance; }
h1 { margin-top: .6em; }
a:any-link { color: var(--link); text-underline-offset: .15em; }
header, .facts, footer { color: var(--quiet); }
.facts { font-size: .9em; }
.posts { list-style: none; padding: 0; }
.posts > li { padding: 1rem 0; border-top: 1px solid var(--line); }
.posts h2 { font-size: 1.2rem; margin: 0; }
.posts p { margin: .3rem 0 0; }
.tag { border: 1px solid var(--line); border-radius: 1em; padding: 0 .6em; font-size: .9em; }
.draft { background: #b45309; color: #fff; border-radius: .3em; padding: 0 .4em; font-size: .9em;
  font-weight: 600; }
article { border-bottom: 1px solid var(--line); padding-bottom: 2rem; }
img, picture, video { max-width: 100%; height: auto; }
.cover { display: block; width: 100%; border-radius: .4em; }
pre { background: var(--shade); padding: 1rem; overflow-x: auto; border-radius: .4em;
  line-height: 1.45; }
code, kbd, samp, tt { font: .9em ui-monospace, monospace; }
:not(pre) > code, samp { background: var(--shade); padding: .1em .3em; border-radius: .3em; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: .3em; padding: 0 .3em; }
blockquote { margin: 1rem 0; padding: 0 1rem; border-left: .25rem solid var(--line);
  color: var(--quiet); }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .7rem; vertical-align: top; }
tr:nth-child(even) > td { background: var(--shade); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
details { margin: 1rem 0; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .4em; }
summary { cursor: pointer; font-weight: 600; }
.task-list-item, li:has(> input[type="checkbox"]) { list-style: none; }
.task-list-item > input { margin: 0 .3em 0 -1.4em; }
.markdown-alert { margin: 1rem 0; padding: .1rem 1rem; border-left: .25rem solid var(--accent);
  --accent: var(--line); }
.markdown-alert-title { color: var(--accent); font-weight: 600; }
.markdown-alert-note { --accent: var(--note); }
.markdown-alert-tip { --accent: var(--tip); }
.markdown-alert-important { --accent: var(--important); }
.markdown-alert-warning { --accent: var(--warning); }
.markdown-alert-caution { --accent: var(--caution); }
.math-display { display: block; overflow-x: auto; white-space: pre-wrap; }
.footnotes { font-size: .9em; border-top: 1px solid var(--line); margin-top: 3rem; }
.sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
:target { scroll-margin-top: 1rem; background: var(--shade); }
@media print { body { max-width: none; margin: 0; } footer { display: none; } }
</style>
)html";

}  // namespace devy::preview
