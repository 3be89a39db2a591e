// Carries .broadsheet/ from one build to the next: what was computed, and what the guards remember.
// Written by `broadsheet deploy init netlify`.
const FOLDER = ".broadsheet";

export const onPreBuild = async ({ utils }) => {
  await utils.cache.restore(FOLDER);
};

export const onPostBuild = async ({ utils }) => {
  await utils.cache.save(FOLDER);
};
