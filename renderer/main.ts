import { mount } from 'svelte';
import '@fontsource-variable/inter';
import './app.css';
import App from './App.svelte';
import Second from './second/Second.svelte';
import { followedId } from './shared/second.ts';

const target = document.getElementById('app');
if (!target) throw new Error('the page lacks #app');
const id = followedId();
if (id === null) mount(App, { target });
else mount(Second, { target, props: { id } });
