// Makes the addresses and node ids that documents have.
export const WEB = "https://github.com";

export const nodeId = (prefix, id) =>
  `${prefix}_kwDO${Buffer.from(String(id)).toString("base64url")}`;

export const repositoryUrl = (world, repository) =>
  `${world.url}/repos/${world.fullName(repository)}`;

export const repositoryPage = (world, repository) => `${WEB}/${world.fullName(repository)}`;
