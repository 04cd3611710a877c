import { defineConfig } from "vite";

// Everything ends up in files of our own: the page's policy allows neither inline scripts nor other hosts.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../wwwroot",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
});
