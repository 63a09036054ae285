// A browser in the hands of somebody who says yes to everything: node browser.js URL
const response = await fetch(process.argv[2]);
console.log(response.status, await response.text());
